import EpCore
import EpDelivery
import EpPlan

/// What a book is made from: an outline, the texts of its scenes, and pictures.
struct BookSources {
    /// A scene, or a part of its own, as the step that makes the book reads it.
    struct Text {
        let source: ArtifactSource
        /// In its chapter, from 1.
        let number: Int
        let title: String?
    }

    struct Chapter {
        /// Nil for a text that is no chapter: a foreword.
        let number: Int?
        let title: String?
        var texts: [Text]
    }

    private(set) var outline: Value?
    private(set) var chapters: [Chapter] = []
    private(set) var cover: ArtifactRef?
    /// Pictures that texts may name.
    private(set) var pictures: [ArtifactRef] = []
    private(set) var leftOut: [String] = []
    private(set) var disclosures: [String] = []

    private static let pictureEndings = ["jpg", "jpeg", "png"]
    private static let textEndings = ["md", "markdown", "txt", "text"]

    /// Nil if something is not known yet.
    /// - Parameter mayBeEmpty: true if there need be no text.
    init?(_ stage: StageContext, mayBeEmpty: Bool = false) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var isComplete = true
        for (name, artifacts) in upstreams {
            guard let definition = stage.definition(of: name) else { continue }
            let endings = Set(artifacts.files.map(\.fileExtension))
            if endings.isSubset(of: Self.pictureEndings), !endings.isEmpty {
                try add(pictures: artifacts, of: definition, to: stage)
            } else if !artifacts.isFanOut, let file = artifacts.files.first, ["yaml", "yml", "json"].contains(file.fileExtension) {
                if outline != nil { try Self.refuse("a second outline", name, stage) }
                if let other = artifacts.files.dropFirst().first {
                    try Self.refuse("\(stage.shown(other, of: name)) beside an outline", name, stage)
                }
                outline = try stage.value(of: file, of: name)
                isComplete = isComplete && outline != nil
            } else if endings.isSubset(of: Self.textEndings) {
                guard try add(artifacts, of: definition, stage) else {
                    isComplete = false
                    continue
                }
            } else {
                let other = artifacts.files.first { !(Self.textEndings + Self.pictureEndings).contains($0.fileExtension) }
                try Self.refuse(other.map { stage.shown($0, of: name) } ?? "", name, stage)
            }
        }
        guard isComplete else { return nil }
        nameChapters()
        guard mayBeEmpty || chapters.contains(where: { !$0.texts.isEmpty }) || !leftOut.isEmpty else {
            throw Diagnostic(
                .badInput, "a book needs texts", at: stage.stage.location,
                remedy:
                    "write `from: [OUTLINE, SCENES]`: SCENES are texts in Markdown (`output: scene.md`), OUTLINE has `title` and `chapters`"
            )
        }
    }

    private static func refuse(_ what: String, _ name: StageName, _ stage: StageContext) throws {
        throw Diagnostic(
            .badInput, "a book can make nothing of \(what) of \(name)",
            at: stage.stage.from.first { $0.stage == name }?.location ?? stage.stage.location,
            remedy: "`from` of a book names one outline (YAML or JSON), texts (.md, .txt), a cover and pictures (.jpg, .png)")
    }

    private mutating func add(pictures artifacts: StageArtifacts, of stage: StageDefinition, to book: StageContext) throws {
        guard !artifacts.isFanOut else { return pictures += artifacts.files }
        if cover != nil || artifacts.files.count > 1 { try Self.refuse("a second cover", stage.name, book) }
        cover = artifacts.files.first
    }

    // MARK: chapters

    /// - Returns: false if it is not known yet who has written the texts.
    private mutating func add(_ artifacts: StageArtifacts, of stage: StageDefinition, _ book: StageContext) throws -> Bool {
        for item in artifacts.items {
            let place = BookPlace(item, of: stage)
            for file in item.files {
                put(Text(source: file.source, number: place.scene ?? 1, title: place.sceneTitle), at: place)
            }
        }
        for item in artifacts.skipped {
            let place = BookPlace(item, of: stage)
            leftOut.append(place.shown)
            // Its chapter is one all the same.
            if place.scene != nil, let number = place.chapter, !chapters.contains(where: { $0.number == number }) {
                chapters.append(Chapter(number: number, title: place.chapterTitle, texts: []))
            }
        }
        return try credit(stage, book)
    }

    /// Says who has written the texts of a stage, and those that they were made of one by one.
    private mutating func credit(_ stage: StageDefinition, _ book: StageContext) throws -> Bool {
        guard case .tool = stage.kind else { return true }
        var isKnown = true
        for name in stage.each.compactMap(\.stage) {
            if let upstream = book.definition(of: name) { isKnown = try credit(upstream, book) && isKnown }
        }
        guard let artifacts = try book.artifacts(of: stage.name) else { return false }
        var credits = WritingCredits(book)
        for file in artifacts.files where Self.textEndings.contains(file.fileExtension) { credits.add(file) }
        for sentence in credits.sentences(about: stage.name) where !disclosures.contains(sentence) { disclosures.append(sentence) }
        return isKnown && !credits.isOpen
    }

    private mutating func put(_ text: Text, at place: BookPlace) {
        if let number = place.chapter, let index = chapters.firstIndex(where: { $0.number == number }) {
            chapters[index].texts.append(text)
        } else {
            chapters.append(Chapter(number: place.chapter, title: place.chapterTitle, texts: [text]))
        }
    }

    /// What the outline calls them; chapters of it that nothing stands in are said to be left out. They stand in its order.
    private mutating func nameChapters() {
        let numbered = chapters.filter { $0.number != nil }.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
        let first = chapters.firstIndex { $0.number != nil } ?? 0
        let parts = chapters.enumerated().filter { $0.element.number == nil }
        let titles = (outline?["chapters"]?.list ?? []).map { PodcastFacts.text($0["title"]) ?? PodcastFacts.text($0) }
        let named = numbered.map { chapter in
            let index = (chapter.number ?? 0) - 1
            return Chapter(
                number: chapter.number, title: chapter.title ?? (titles.indices.contains(index) ? titles[index] : nil), texts: chapter.texts
            )
        }
        let known = Set(named.compactMap(\.number))
        for index in titles.indices where !numbered.isEmpty && !known.contains(index + 1) {
            leftOut.append(["chapter \(index + 1)", titles[index]].compactMap(\.self).joined(separator: ": "))
        }
        chapters =
            parts.filter { $0.offset < first }.map(\.element) + named.filter { !$0.texts.isEmpty }
            + parts.filter { $0.offset > first }.map(\.element)
    }
}
