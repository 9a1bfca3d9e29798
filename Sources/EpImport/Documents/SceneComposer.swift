/// Makes scenes of a document: one for what a person can take in while one thing is shown.
struct SceneComposer {
    /// How scenes are cut.
    struct Manner {
        /// What a scene may say at most, if it can be cut between sentences.
        var longestWords = 90
        /// The directory of the document: paths in it are relative to that.
        var directory = ""
        /// The most points of one list that are shown together.
        var mostPoints = 6
    }

    private let manner: Manner
    private var list: SceneList
    private var section = ""
    /// What has been said since the last scene.
    private var paragraphs: [String] = []
    private var speaker = ""
    private var hasTitleScene = false

    static func scenes(of document: Document, _ manner: Manner) -> SceneList {
        var composer = SceneComposer(document, manner)
        for block in document.blocks { composer.add(block) }
        composer.flush()
        composer.openWithTitle()
        composer.nameScenes()
        return composer.list
    }

    private init(_ document: Document, _ manner: Manner) {
        self.manner = manner
        list = SceneList(title: document.title, language: document.language, dropped: document.dropped)
    }

    private mutating func add(_ block: Document.Block) {
        if block.speaker != speaker { flush() }
        speaker = block.speaker
        switch block.kind {
        case .heading(let level): begin(block.text, level: level)
        case .paragraph: say(block.text)
        case .list(let items): show(items)
        case .table(let rows): flatten(rows)
        case .quote(let by): quote(block.text, by)
        case .code: code(block.text)
        case .image(let path): picture(path, block.text)
        }
    }

    /// A heading begins a scene; the first of the highest level is the title of it all.
    private mutating func begin(_ heading: String, level: Int) {
        flush()
        let isTitle = level == 1 && list.scenes.isEmpty && section.isEmpty && (list.title.isEmpty || list.title == heading)
        if isTitle { list.title = heading } else { openWithTitle() }
        section = isTitle ? "" : heading
    }

    private mutating func say(_ text: String) {
        for part in Prose.parts(of: text, atMost: manner.longestWords) {
            let words = paragraphs.reduce(Prose.wordCount(part)) { $0 + Prose.wordCount($1) }
            if words > manner.longestWords { flush() }
            paragraphs.append(part)
        }
    }

    /// What was said becomes a scene that shows its heading.
    private mutating func flush() {
        guard !paragraphs.isEmpty else { return }
        openWithTitle()
        guard !paragraphs.isEmpty else { return }
        append(Scene(.text, title: section, narration: takeParagraphs()))
    }

    /// The first scene shows the title. What stands before the first heading is said with it.
    private mutating func openWithTitle() {
        guard !hasTitleScene, !list.title.isEmpty else { return }
        hasTitleScene = true
        let opening = section.isEmpty && !paragraphs.isEmpty ? takeParagraphs() : Prose.sentence(list.title)
        list.scenes.append(Scene(.title, title: list.title, narration: opening, speaker: speaker))
    }

    private mutating func takeParagraphs() -> String {
        defer { paragraphs = [] }
        return paragraphs.joined(separator: " ")
    }

    private mutating func append(_ scene: Scene) {
        openWithTitle()
        var scene = scene
        scene.speaker = speaker
        list.scenes.append(scene)
    }

    /// What leads up to something is said with it, and what stands before that by itself.
    private mutating func lead(longest: Int) -> String {
        guard let last = paragraphs.last else { return "" }
        if !hasTitleScene, !list.title.isEmpty, section.isEmpty { openWithTitle() }
        if paragraphs.isEmpty { return "" }
        let words = paragraphs.reduce(0) { $0 + Prose.wordCount($1) }
        if words <= longest { return takeParagraphs() }
        guard last.hasSuffix(":"), paragraphs.count > 1 else {
            flush()
            return ""
        }
        paragraphs.removeLast()
        flush()
        return last
    }

    private mutating func show(_ items: [String]) {
        var said = lead(longest: manner.longestWords / 2)
        let groups = Prose.divided(items, atMost: manner.mostPoints)
        for group in groups {
            let narration = ([said] + Prose.listed(group)).filter { !$0.isEmpty }.joined(separator: " ")
            append(Scene(.list, title: section, narration: narration, points: group.map(Prose.point)))
            said = ""
        }
    }

    /// Nobody can hear columns: each row becomes a point that names them.
    private mutating func flatten(_ rows: [[String]]) {
        guard rows.count > 1, let heads = rows.first else { return rows.first.map { show($0) } ?? () }
        list.dropped.append("the columns of the table \(heads.joined(separator: " | ").excerpt): its rows became the points of a list")
        let items = rows.dropFirst().compactMap { row -> String? in
            guard let first = row.first else { return nil }
            let rest = zip(heads, row).dropFirst().filter { !$1.isEmpty }.map { $0.isEmpty ? $1 : "\($0) \($1)" }
            return rest.isEmpty ? first : "\(first): \(rest.joined(separator: ", "))"
        }
        show(items)
    }

    private mutating func quote(_ text: String, _ by: String) {
        let said = lead(longest: manner.longestWords / 2)
        let quoted = by.isEmpty ? Prose.sentence(text) : "\(Prose.sentence(text)) \(Prose.sentence(by))"
        append(Scene(.quote, title: section, narration: [said, quoted].filter { !$0.isEmpty }.joined(separator: " "), text: text, by: by))
    }

    /// What leads up to code is said while it is seen; code itself is not read aloud.
    private mutating func code(_ text: String) {
        let said = lead(longest: manner.longestWords)
        append(Scene(.code, title: section, narration: said, text: text, minimumSeconds: said.isEmpty ? 6 : nil))
    }

    private mutating func picture(_ path: String, _ words: String) {
        guard !words.isEmpty else { return list.dropped.append("a picture without a description (\(path.excerpt))") }
        guard let file = Self.file(path, in: manner.directory) else {
            return list.dropped.append("the picture \(words.excerpt), as it is none of the episode's files (\(path.excerpt))")
        }
        let said = lead(longest: manner.longestWords)
        append(Scene(.image, title: words, narration: said.isEmpty ? Prose.sentence(words) : said, image: file))
    }

    /// A path below the episode; nil for an address of the web, or one that leads elsewhere.
    private static func file(_ path: String, in directory: String) -> String? {
        guard !path.isEmpty, !path.contains(":"), !path.hasPrefix("/"), !path.contains("\\"), !path.contains("?") else { return nil }
        var parts = directory.split(separator: "/").map(String.init)
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(String(part))
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    private mutating func nameScenes() {
        var names = SceneNames()
        for index in list.scenes.indices { list.scenes[index].id = names.name(for: list.scenes[index]) }
    }
}
