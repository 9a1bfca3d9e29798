import EpCore
import EpDelivery
import EpPlan

/// A video stage's own keys.
struct VideoSetting {
    static let keys = ["from", "size", "fps", "motion", "pad_seconds", "minimum_seconds", "background"]

    let size: FrameSize
    let rate: FrameRate
    let motion: SceneEncoding.Motion
    /// Silence behind the sound of a scene, at least.
    let padSeconds: Double
    /// Of a scene that does not say it.
    let minimumSeconds: Double?
    let ground: Colour

    /// - Throws: `DiagnosticList`, with all mistakes.
    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        size = Self.size(&fields, usual: .usual)
        rate = Self.oneOf(FrameRate.all, named: \.name, "fps", &fields) ?? .usual
        motion = Self.oneOf(SceneEncoding.Motion.allCases, named: \.rawValue, "motion", &fields) ?? .none
        // A tenth of a second is what the sounds of two scenes need between them to be joined.
        padSeconds = fields.number("pad_seconds", in: 0.1...30) ?? 0.5
        minimumSeconds = fields.number("minimum_seconds", in: 0.1...86_400)
        ground = Self.colour(&fields) ?? SceneEncoding.usualGround
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    static func size(_ fields: inout Fields, usual: FrameSize) -> FrameSize {
        guard let written = fields.string("size") else { return usual }
        if let size = FrameSize(written) { return size }
        fields.report(Diagnostic(
            .badInput,
            "`size` of \(fields.subject) must be a width and a height in pixels, both even and from \(FrameSize.sides.lowerBound)"
                + " to \(FrameSize.sides.upperBound), not \"\(written)\"",
            at: fields.node("size")?.location, remedy: "write `1280x720`, `1920x1080`, `1080x1920` or `1080x1080`"))
        return usual
    }

    private static func oneOf<Choice>(_ all: [Choice], named name: (Choice) -> String, _ key: String, _ fields: inout Fields) -> Choice? {
        guard let written = fields.string(key) else { return nil }
        if let choice = all.first(where: { name($0) == written }) { return choice }
        fields.report(Diagnostic(
            .badInput, "`\(key)` of \(fields.subject) must be one of \(all.map(name).joined(separator: ", ")), not \"\(written)\"",
            at: fields.node(key)?.location))
        return nil
    }

    private static func colour(_ fields: inout Fields) -> Colour? {
        guard let written = fields.string("background") else { return nil }
        if let colour = Colour(hex: written) { return colour }
        fields.report(Diagnostic(
            .badInput, "\"\(written)\" is no colour", at: fields.node("background")?.location,
            remedy: "write six hexadecimal digits, such as \"1F4E79\""))
        return nil
    }
}
