import EpCore
import EpPlan

/// Who speaks a line, and how: what of the blueprint a spoken line depends on.
struct Voice: Hashable {
    /// The kind of voice: `espeak`, `flite`.
    private(set) var use: String
    /// The provider's own name of the voice.
    private(set) var name: String
    /// Words a minute.
    let rate: Int
    /// 0 to 99, 50 in the middle; nil: as the voice has it.
    let pitch: Int?

    /// The speaker's name in the blueprint.
    struct Character {
        let name: String
        let aliases: [String]
        let voice: Value
    }

    /// The voice of a line.
    /// - Parameters:
    ///   - provider: who speaks where the character's voice does not say.
    ///   - location: where the person wrote the line.
    init(speaker: String, delivery: String, blueprint: Value, provider: ProviderConfiguration?, at location: SourceLocation?) throws {
        let characters = Self.characters(of: blueprint)
        let match = characters.first { ([$0.name] + $0.aliases).contains { $0.lowercased() == speaker.lowercased() } }
        guard let character = match else {
            throw Diagnostic(
                .badInput, "nobody in the show is called \"\(speaker)\"", at: location,
                remedy: Suggestion.remedy(for: speaker, in: characters.map(\.name)))
        }
        let settings = character.voice
        let manner = Self.manner(delivery, blueprint)
        use = settings["provider"]?.string ?? provider?.use ?? "espeak"
        name = settings["voice"]?.string ?? Self.usualName(of: use)
        let rate = settings["rate"]?.number ?? 160
        self.rate = Self.whole(rate * (100 + manner.rate) / 100, in: 20...1000)
        let pitch = settings["pitch"]?.number
        self.pitch = pitch == nil && manner.pitch == 0 ? nil : Self.whole((pitch ?? 50) + manner.pitch, in: 0...99)
    }

    /// What a delivery makes of it, kept within what voices can do. A number that is none is the lowest.
    private static func whole(_ number: Double, in range: ClosedRange<Int>) -> Int {
        Int(min(Double(range.upperBound), max(Double(range.lowerBound), number)).rounded())
    }

    /// What explains the command that speaks with it.
    func reasons(for speaker: String) -> [Step.Reason] {
        let parts = [("voice", "\(use) \(name)"), ("rate", "\(rate) words a minute"), ("pitch", pitch.map { "\($0)" } ?? "the voice's own")]
        return parts.map { Step.Reason("\($0) of \(speaker)", $1, of: "command") }
    }

    /// Another kind of voice in its place, as fast and as high.
    func spoken(by use: String) -> Voice {
        var voice = self
        (voice.use, voice.name) = (use, Self.usualName(of: use))
        return voice
    }

    private static func usualName(of use: String) -> String { use == "flite" ? "slt" : "en-gb" }

    static func characters(of blueprint: Value) -> [Character] {
        (blueprint["characters"]?.list ?? []).compactMap { character in
            guard let name = character["name"]?.string else { return nil }
            return Character(
                name: name, aliases: character["aliases"]?.list?.compactMap(\.string) ?? [], voice: character["voice"] ?? .object([]))
        }
    }

    /// How much louder a line is spoken, in dB; it is applied when the line is mixed.
    static func volume(_ delivery: String, _ blueprint: Value) -> Double { min(20, max(-60, manner(delivery, blueprint).volume)) }

    /// What the parenthetical asks for: the sum of all words in it that the blueprint's `delivery` knows.
    private static func manner(_ delivery: String, _ blueprint: Value) -> (rate: Double, pitch: Double, volume: Double) {
        guard !delivery.isEmpty, let known = blueprint["delivery"] else { return (0, 0, 0) }
        let words = delivery.lowercased().split { !$0.isLetter && $0 != "-" }.map(String.init)
        return words.compactMap { known[$0] }.reduce(into: (0, 0, 0)) { sum, manner in
            sum.0 += manner["rate"]?.number ?? 0
            sum.1 += manner["pitch"]?.number ?? 0
            sum.2 += manner["volume"]?.number ?? 0
        }
    }
}
