import EpCards
import EpCore
import EpDelivery
import EpPlan

/// Makes a card of an item: from the scene that the item lies in, and from what the stage says under `card:`.
///
/// Only what is shown is read: a scene's narration is none of it, unless there is nothing else.
struct CardMaker {
    private let stage: StageContext
    private let settings: CardSettings

    init(_ stage: StageContext, _ settings: CardSettings) { (self.stage, self.settings) = (stage, settings) }

    struct Made {
        let card: Card
        /// The picture that it shows, and what it is: PNG or JPEG.
        let image: (file: SourceFile, format: CoverImage.Format)?
        /// Where what it shows is written.
        let place: SourceLocation?
    }

    /// - Returns: nil if something that it shows is not known yet.
    /// - Throws: `Diagnostic` with the place in the scene or the stage.
    func make() throws -> Made? {
        do {
            return try made()
        } catch is CardSettings.Unknown {
            return nil
        }
    }

    private func made() throws -> Made {
        let (scene, place) = try scene()
        func text(_ key: String) throws -> String { try settings.value(key, in: stage) ?? scene[key]?.letters ?? "" }
        let points = try settings.points(in: stage) ?? (scene["points"]?.list ?? []).compactMap(\.letters)
        let named = try text("type")
        guard let kind = named.isEmpty ? (points.isEmpty ? .text : .list) : Card.Kind(rawValue: named) else {
            throw Diagnostic(
                .badInput, "there is no card of the type \"\(named)\"", at: settings["type"]?.location ?? place,
                remedy: Suggestion.remedy(for: named, in: Card.Kind.allCases.map(\.rawValue)))
        }
        var card = Card(kind, size: try size(), look: try CardLooks(stage, settings).look(at: place))
        (card.title, card.text, card.by, card.points) = (try text("title"), try text("text"), try text("by"), points)
        let image = try image(named: try text("image"), at: settings["image"]?.location ?? place)
        card.hasImage = image != nil
        if kind == .image, image == nil { card.kind = .title }
        if card.isEmpty { card.text = scene["narration"]?.letters ?? "" }
        card.footer = try settings.value("footer", in: stage) ?? ""
        card.language = try settings.value("language", in: stage) ?? stage.language() ?? "en"
        card.family = try settings.value("font", in: stage) ?? ""
        guard !card.isEmpty else {
            throw Diagnostic(
                .badInput, "there is nothing to show on this card", at: place ?? settings.location,
                remedy: "give the scene a `title`, `text` or `points`")
        }
        return Made(card: card, image: image, place: place)
    }

    /// The scene that the item lies in, and where a person can find it; an empty one for a card that says all by itself.
    private func scene() throws -> (Value, SourceLocation?) {
        let elements = (stage.outer?.elements ?? []) + [stage.element].compactMap(\.self)
        for element in elements.reversed() {
            var value = element.value
            if let file = element.files.first {
                guard ["yaml", "yml", "json"].contains(file.fileExtension) else { continue }
                guard let known = try stage.value(of: file, of: stage.stage.each.last?.list.stage ?? stage.stage.name) else {
                    throw CardSettings.Unknown()
                }
                value = known
            }
            if Self.sceneKeys.contains(where: { value[$0] != nil }) { return (value, element.location) }
        }
        return (.object([]), stage.element?.location ?? stage.stage.location)
    }

    private static let sceneKeys = ["narration", "points", "title", "text"]

    private func size() throws -> Card.Size {
        guard let text = try settings.value("size", in: stage) else { return Card.Size.usual }
        guard let size = Card.Size(text) else {
            throw Diagnostic(
                .badInput, "\"\(text)\" is no size of a card", at: settings["size"]?.location,
                remedy:
                    "write width and height in pixels, each from \(Card.Size.range.lowerBound) to \(Card.Size.range.upperBound): 1280x720, "
                        + "1920x1080, 1080x1920, 1080x1080"
            )
        }
        return size
    }

    static let mostPixels = 50_000_000

    /// A picture of the show or the episode; nil if none is named.
    private func image(
        named name: String, at location: SourceLocation?
    ) throws -> (file: SourceFile, format: CoverImage.Format)? {
        guard !name.isEmpty else { return nil }
        let file = try stage.showFile(name, at: location)
        let bytes = try stage.bytes(of: file)
        guard let header = PictureHeader(bytes) else {
            throw Diagnostic(.badInput, "\(file.shown) is neither a PNG nor a JPEG file, and a card shows no others", at: location,
                remedy: "convert it: ffmpeg -i \(name) picture.png")
        }
        guard CoverImage(bytes)?.isWhole == true else {
            throw Diagnostic(.badInput, "\(file.shown) is cut off: the file has no end", at: location, remedy: CoverImage.cutOffRemedy)
        }
        guard header.width <= Self.mostPixels / max(1, header.height) else {
            throw Diagnostic(
                .badInput, "\(file.shown) has \(header.width) × \(header.height) pixels, more than a card can show", at: location,
                remedy: "make it smaller")
        }
        return (file, header.format)
    }
}

extension StageContext {
    /// The language of the item: the element of a list of languages, or one that is called `language`, else the show's.
    func language() throws -> String? {
        let elements = (outer?.elements ?? []) + [element].compactMap(\.self)
        let named = stage.elementNames.first { $0.name == "language" && $0.stage == nil }?.dimension
        let listed = stage.dimensions.firstIndex { $0.isWritten && $0.path.last == "languages" }
        if let index = named ?? listed, index < elements.count {
            let value = elements[index].subject
            return value.letters ?? value["id"]?.letters ?? value["language"]?.letters ?? value["name"]?.letters
        }
        return blueprint["language"]?.letters
    }
}
