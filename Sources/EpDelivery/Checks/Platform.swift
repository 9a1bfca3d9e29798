/// Where a finished file is to be heard or seen, with what is wanted there.
public enum Platform: String, Sendable, CaseIterable {
    case apple, spotify, youtube, acx, podcasting

    /// As people call it.
    public var title: String {
        switch self {
        case .apple: "Apple Podcasts"
        case .spotify: "Spotify"
        case .youtube: "YouTube"
        case .acx: "ACX (Audible)"
        case .podcasting: "Podcasting 2.0"
        }
    }
}

/// What a person wants of a file beside what platforms want.
public struct Expectations: Sendable, Equatable {
    public var minimumSeconds: Double?
    public var maximumSeconds: Double?
    public var longestSilenceSeconds = 5.0
    public var longestBlackSeconds = 2.0
    /// Of a film; nil: nobody says.
    public var scenes: ExpectedScenes?

    public init() {}
}

/// A finished file and what lies beside it.
public struct Finished: Sendable {
    public let media: MeasuredMedia
    /// Caption files, by name.
    public let captions: [(name: String, cues: CaptionCues)]
    /// Pictures that may be its cover, by name.
    public let covers: [(name: String, bytes: [UInt8])]
    /// The names of all files that are delivered with it.
    public let names: [String]
    /// Which scenes stand in it; nil for what is no film of scenes.
    public let timing: FilmTiming?

    public init(
        _ media: MeasuredMedia, captions: [(name: String, cues: CaptionCues)], covers: [(name: String, bytes: [UInt8])], names: [String],
        timing: FilmTiming? = nil
    ) {
        (self.media, self.captions, self.covers, self.names, self.timing) = (media, captions, covers, names, timing)
    }

    /// What is measured and wanted, for some platforms and of every file.
    public func findings(for platforms: [Platform], expecting expectations: Expectations) -> [Finding] {
        whole(expectations) + platforms.flatMap { platform in
            switch platform {
            case .apple, .spotify: podcast(platform)
            case .podcasting: podcasting
            case .youtube: youtube
            case .acx: audiobook
            }
        }
    }
}

/// Numbers as findings show them.
enum Shown {
    static func decibels(_ value: Double?, _ unit: String) -> String {
        guard let value else { return "unknown" }
        return value.isFinite ? "\(number(value, digits: 1)) \(unit)" : "silence"
    }

    static func seconds(_ value: Double?, digits: Int = 2) -> String { value.map { "\(number($0, digits: digits)) s" } ?? "unknown" }

    /// `1:02.5`
    static func moment(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        let (minutes, rest) = (tenths / 600, tenths % 600)
        return "\(minutes):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
    }

    /// With a minus sign, and without an exponent.
    static func number(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
        return (value < 0 && scaled > 0 ? "−" : "") + "\(scaled / scale)" + (digits == 0 ? "" : ".\(zeros)\(fraction)")
    }
}
