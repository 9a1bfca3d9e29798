public import EpCore

/// What a person wants to know of a script before it is voiced.
public struct ScriptReport: Sendable {
    public struct CastMember: Sendable, Hashable {
        public let name: String
        public let lines: Int
        public let words: Int
        /// The first of the lines.
        public let location: SourceLocation
    }

    /// Words a minute; what narrators of audiobooks and podcasts aim at lies between 150 and 160.
    public static let wordsPerMinute = 155.0
    /// Seconds of silence that a line adds.
    public static let pauseSeconds = 0.5

    public let script: Script
    /// Who speaks most comes first; of equals, who speaks first.
    public let cast: [CastMember]
    public let words: Int
    /// Of severity `.warning`, in the order of the file.
    public let warnings: [Diagnostic]
    /// Speakers whom the show does not know, where it knows anybody, and markup. A build refuses them, so they are no news to it.
    public let strangers: [Diagnostic]
    /// For each line, how many words come before it; one more for the end.
    private let wordsBefore: [Int]

    /// - Parameter show: whom the show knows.
    public init(_ script: Script, show: ShowCast = .unknown) {
        self.script = script
        var wordsBefore = [0]
        var order: [String] = []
        var cast: [String: CastMember] = [:]
        for line in script.lines {
            let words = Self.words(in: line.text)
            wordsBefore.append(wordsBefore[wordsBefore.count - 1] + words)
            let known = cast[line.speaker]
            if known == nil { order.append(line.speaker) }
            cast[line.speaker] = CastMember(
                name: line.speaker, lines: (known?.lines ?? 0) + 1, words: (known?.words ?? 0) + words,
                location: known?.location ?? line.location)
        }
        self.wordsBefore = wordsBefore
        words = wordsBefore[wordsBefore.count - 1]
        // The sort is stable, so that equals stay in the order in which they speak.
        self.cast = order.compactMap { cast[$0] }.sorted { $0.lines > $1.lines }
        let proofreader = Proofreader(script, cast: self.cast, show: show)
        (warnings, strangers) = (proofreader.warnings, proofreader.strangers)
    }

    /// All that a person is to be told of, in the order of the file.
    public var findings: [Diagnostic] {
        (warnings + strangers).sorted {
            ($0.location?.line ?? 0, $0.location?.column ?? 0) < ($1.location?.line ?? 0, $1.location?.column ?? 0)
        }
    }

    /// Estimated length of what is spoken, in seconds: 155 words a minute and half a second a line. Sounds and music
    /// are not counted.
    public var seconds: Double { seconds(before: script.lines.count) }

    /// Estimated seconds from the start to the line with that index.
    public func seconds(before line: Int) -> Double {
        Double(wordsBefore[line]) * 60 / Self.wordsPerMinute + Double(line) * Self.pauseSeconds
    }

    /// Estimated length of one spoken text, in seconds, without the pause behind it. A word counts as five letters and a space, so
    /// that short words take less time than long ones, and no language needs spaces.
    public static func seconds(speaking text: String) -> Double { Double(text.count + 1) / 6 * 60 / wordsPerMinute }

    /// Words of action, which nobody hears.
    public var unheardWords: Int {
        script.elements.filter { $0.kind == .action }.reduce(0) { $0 + $1.text.split(whereSeparator: \.isWhitespace).count }
    }

    /// Words in spoken text, whose white space is folded.
    static func words(in text: String) -> Int { text.utf8.reduce(1) { $1 == .space ? $0 + 1 : $0 } }
}
