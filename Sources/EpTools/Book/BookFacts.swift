import EpCore
import EpDelivery
import EpPlan

/// What a book says of itself beside its texts, as one input (`book.json`), and the book that a step makes of it.
enum BookFacts {
    static func value(_ sources: BookSources, _ stage: StageContext) -> Value {
        let (show, episode) = (ShowFacts(PodcastFacts.show(stage.blueprint)), stage.episode.value)
        let title = title(sources.outline, stage)
        let name = PodcastFacts.fileName(number: nil, title: title)
        let key = PodcastFacts.text(episode["id"]) ?? PodcastFacts.text(episode["title"]) ?? stage.episode.name
        let draft = stage.isDraft ? [Value.string("This is a draft, not the finished book: placeholders stand in for some of it.")] : []
        let chapters = sources.chapters.map { chapter -> Value in
            let scenes = chapter.texts.map { text -> Value in .object([.init("number", .int(Int64(text.number)))] + Self.title(text.title))
            }
            return .object(
                (chapter.number.map { [Value.Member("number", .int(Int64($0)))] } ?? []) + Self.title(chapter.title) + [
                    .init("scenes", .list(scenes))
                ])
        }
        let language = language(stage, sources.outline)
        let optional = [("rights", stage.blueprint["copyright"]), ("date", episode["date"])].compactMap { key, value in
            PodcastFacts.text(value).map { Value.Member(key, .string($0)) }
        }
        return .object(
            [
                .init("file", .string(stage.isDraft ? DraftMark.marked(name) : name)),
                .init("title", .string(stage.isDraft ? DraftMark.title + title : title)),
                .init("author", .string(PodcastFacts.text(episode["author"]) ?? show.author)), .init("language", .string(language)),
                .init("identifier", .string("urn:uuid:\(PodcastIdentity.episode(key: "book \(key) \(language)", of: show.guid))")),
                .init("summary", .string(PodcastFacts.text(episode["summary"]) ?? PodcastFacts.text(sources.outline?["summary"]) ?? "")),
                .init("chapters", .list(chapters)), .init("pictures", .list(sources.pictures.map { .string($0.name) })),
                .init("left_out", .list(sources.leftOut.map(Value.string))),
                .init("made_by", .list(draft + sources.disclosures.map(Value.string))),
            ] + optional)
    }

    private static func title(_ title: String?) -> [Value.Member] { title.map { [.init("title", .string($0))] } ?? [] }

    /// The person's title; of a book in several languages, what the outline calls it in each.
    private static func title(_ outline: Value?, _ stage: StageContext) -> String {
        let own = PodcastFacts.text(stage.episode.value["title"]), given = PodcastFacts.text(outline?["title"])
        return (stage.stage.dimensions.contains(where: \.isWritten) ? given ?? own : own ?? given) ?? stage.episode.name
    }

    /// That of the coordinate `language`, else the outline's, else the show's.
    private static func language(_ stage: StageContext, _ outline: Value?) -> String {
        let element = (try? stage.element(called: "language")) ?? nil
        return PodcastFacts.text(element?.value) ?? PodcastFacts.text(outline?["language"]) ?? PodcastFacts.text(
            stage.blueprint["language"]) ?? "en"
    }

    // MARK: the step

    /// - Throws: `StepFailure` if a text is no text, or a picture no picture.
    static func book(_ job: Job) throws -> Book {
        let facts = try Node(parsing: job.inputs.bytes("book.json"), file: "book.json").value
        func text(_ key: String) -> String { PodcastFacts.text(facts[key]) ?? "" }
        var number = 0
        let chapters = try (facts["chapters"]?.list ?? []).map { chapter in
            let scenes = try (chapter["scenes"]?.list ?? []).map { scene in
                number += 1
                let title = PodcastFacts.text(scene["title"])
                return Book.Scene(
                    number: Self.number(scene) ?? 1, title: title,
                    text: try markdown(job, "texts/\(MixTool.number(number))", shown: title ?? "text \(number)"))
            }
            return Book.Chapter(number: Self.number(chapter), title: PodcastFacts.text(chapter["title"]), scenes: scenes)
        }
        let pictures = try PodcastFacts.texts(facts["pictures"]).enumerated().map { index, name in
            Book.Picture(name: name, image: try picture(job, "pictures/\(MixTool.number(index + 1))", shown: name))
        }
        return Book(
            title: text("title"), author: text("author"), language: text("language"), identifier: text("identifier"),
            summary: text("summary"),
            rights: PodcastFacts.text(facts["rights"]), date: PodcastFacts.text(facts["date"]).flatMap(PublicationDate.init(iso8601:)),
            chapters: chapters,
            cover: job.inputs.labels.contains("cover") ? try picture(job, "cover", shown: "the cover") : nil, pictures: pictures,
            disclosures: PodcastFacts.texts(facts["made_by"]), leftOut: PodcastFacts.texts(facts["left_out"]))
    }

    private static func number(_ value: Value) -> Int? { value["number"]?.number.flatMap { Int(exactly: $0) } }

    private static func markdown(_ job: Job, _ label: String, shown: String) throws -> MarkdownText {
        guard let text = String(validating: try job.inputs.bytes(label), as: UTF8.self) else {
            throw StepFailure(Diagnostic(.badInput, "\(shown) is not UTF-8 text", remedy: "save it as UTF-8"))
        }
        return MarkdownText(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
    }

    private static func picture(_ job: Job, _ label: String, shown: String) throws -> CoverImage {
        guard let image = CoverImage(try job.inputs.bytes(label)) else {
            throw StepFailure(
                Diagnostic(
                    .badInput, "\(shown) is neither a JPEG nor a PNG",
                    remedy: "save it as one of these: its ending alone does not make it one"))
        }
        return try whole(image, shown: shown)
    }

    /// - Throws: `StepFailure` if the picture is cut off.
    static func whole(_ image: CoverImage, shown: String) throws(StepFailure) -> CoverImage {
        guard image.isWhole else {
            throw StepFailure(Diagnostic(.badInput, "\(shown) is cut off: the file has no end", remedy: CoverImage.cutOffRemedy))
        }
        return image
    }
}
