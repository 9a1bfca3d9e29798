/// The cues of a caption file, as far as checks need them: SubRip or WebVTT.
public struct CaptionCues: Sendable {
    public struct Cue: Sendable {
        public let startSeconds: Double
        public let endSeconds: Double
        public let lines: [String]
    }

    public let cues: [Cue]
    /// True if it begins as WebVTT does.
    public let isWebVTT: Bool
    /// Lines that look like times and are none, by number from 1.
    public let badLines: [Int]

    public init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        isWebVTT = text.hasPrefix("WEBVTT") || text.hasPrefix("\u{FEFF}WEBVTT")
        var (cues, bad) = ([Cue](), [Int]())
        var index = 0
        while index < lines.count {
            defer { index += 1 }
            guard lines[index].contains("-->") else { continue }
            guard let (start, end) = Self.times(lines[index]) else {
                bad.append(index + 1)
                continue
            }
            let said = lines[(index + 1)...].prefix { !$0.allSatisfy(\.isWhitespace) }
            cues.append(Cue(startSeconds: start, endSeconds: end, lines: said.map(Self.plain)))
            index += said.count
        }
        (self.cues, badLines) = (cues, bad)
    }

    /// `00:01:02,500 --> 00:01:04,000`, with a full stop or a comma; WebVTT may leave the hours out.
    private static func times(_ line: String) -> (Double, Double)? {
        let parts = line.split(separator: " ").map(String.init)
        guard let arrow = parts.firstIndex(of: "-->"), arrow > 0, arrow + 1 < parts.count,
            let start = seconds(parts[arrow - 1]), let end = seconds(parts[arrow + 1])
        else { return nil }
        return (start, end)
    }

    private static func seconds(_ text: String) -> Double? {
        let parts = text.replacing(",", with: ".").split(separator: ":").map { Double($0) }
        guard (2...3).contains(parts.count), !parts.contains(nil) else { return nil }
        return parts.compactMap(\.self).reduce(0) { $0 * 60 + $1 }
    }

    /// Without tags such as `<v Oliver>`.
    private static func plain(_ line: String) -> String { line.replacing(/<[^>]*>/, with: "") }
}
