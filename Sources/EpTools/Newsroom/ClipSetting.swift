import EpCore
import EpDelivery
import EpPlan

/// The stage's own keys.
struct ClipSetting {
    enum Format: String, CaseIterable {
        case landscape, square, vertical, mp3, m4a

        var isSound: Bool { self == .mp3 || self == .m4a }
        var fileExtension: String { isSound ? rawValue : "mp4" }
    }

    enum Captions: String, CaseIterable { case soft, burnt, none }
    /// What becomes of a picture of another shape.
    enum Fit: String, CaseIterable { case blur, crop }

    let formats: [Format]
    let captions: Captions
    let fit: Fit
    /// Pixels, even.
    let shortSide: Int
    let frameRate: Int
    let fadeSeconds: Double
    /// In LUFS.
    let loudness: Double

    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        let asked = fields.located("formats") ?? []
        formats = asked.isEmpty ? [.landscape] : asked.compactMap { format in
            if let known = Format(rawValue: format.text) { return known }
            fields.report(Self.unknown(format.text, "format", Format.allCases.map(\.rawValue), at: format.location))
            return nil
        }
        let hasTranscript = stage.stage.node["transcript"] != nil
        captions = Self.choice("captions", &fields) ?? (hasTranscript ? .soft : .none)
        fit = Self.choice("fit", &fields) ?? .blur
        shortSide = (fields.int("short_side_pixels", in: 120...2160) ?? 720) / 2 * 2
        frameRate = fields.int("frame_rate", oneOf: [24, 25, 30, 50, 60]) ?? 25
        fadeSeconds = fields.number("fade_seconds", in: 0...5) ?? 0.2
        loudness = fields.number("loudness_lufs", in: -30 ... -14, unit: "LUFS") ?? -16
        if captions != .none, !hasTranscript {
            fields.report(
                Diagnostic(
                    .badInput, "\(fields.subject) has `captions`, and no transcript that they are taken from",
                    at: stage.stage.node["captions"]?.location,
                    remedy: "write `transcript: STAGE`, where that stage has `tool: transcribe`"))
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ fields: inout Fields) -> Choice?
    where Choice.RawValue == String {
        guard let text = fields.string(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        fields.report(unknown(text, "`\(key)`", Choice.allCases.map(\.rawValue), at: fields.node(key)?.location))
        return nil
    }

    private static func unknown(_ text: String, _ what: String, _ known: [String], at location: SourceLocation?) -> Diagnostic {
        Diagnostic(.badInput, "a clip has no \(what) \"\(text)\"", at: location, remedy: Suggestion.remedy(for: text, in: known))
    }

    /// In pixels.
    func size(of format: Format) -> (width: Int, height: Int) {
        let long = Int((Double(shortSide) * 16 / 9 / 2).rounded()) * 2
        return switch format {
        case .vertical: (shortSide, long)
        case .square: (shortSide, shortSide)
        default: (long, shortSide)
        }
    }
}
