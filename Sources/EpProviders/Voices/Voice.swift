public import EpCore
import EpPlan

/// Who speaks a line, and how: what of the blueprint a spoken line depends on.
public struct Voice: Hashable, Sendable {
    /// The vendor's own name of the voice.
    public let name: String
    /// Words a minute.
    public let rate: Int
    /// True if a person has written that.
    public let hasRate: Bool
    /// 0 to 99, 50 in the middle; nil: as the voice has it.
    public let pitch: Int?

    /// - Parameters:
    ///   - settings: the character's `voice:`.
    ///   - usualName: the voice where it names none.
    public init(_ settings: Value, _ manner: Manner, usualName: String) {
        name = settings["voice"]?.string ?? usualName
        hasRate = settings["rate"]?.number != nil
        let rate = settings["rate"]?.number ?? 160 * (settings["speed"]?.number ?? 1)
        self.rate = Self.whole(rate * (100 + manner.rate) / 100, in: 20...1000)
        let pitch = settings["pitch"]?.number
        self.pitch = pitch == nil && manner.pitch == 0 ? nil : Self.whole((pitch ?? 50) + manner.pitch, in: 0...99)
    }

    private init(name: String, rate: Int, pitch: Int?, like other: Voice) {
        (self.name, self.rate, hasRate, self.pitch) = (name, rate, other.hasRate, pitch)
    }

    /// Another voice in its place, as fast and as high.
    public func spoken(by name: String) -> Voice { Voice(name: name, rate: rate, pitch: pitch, like: self) }

    /// The same voice, faster or slower.
    func spoken(atRate rate: Int) -> Voice { Voice(name: name, rate: rate, pitch: pitch, like: self) }

    /// The same voice, higher or lower.
    func spoken(atPitch pitch: Int) -> Voice { Voice(name: name, rate: rate, pitch: pitch, like: self) }

    /// What a delivery makes of it, kept within what voices can do. A number that is none is the lowest.
    private static func whole(_ number: Double, in range: ClosedRange<Int>) -> Int {
        Int(min(Double(range.upperBound), max(Double(range.lowerBound), number)).rounded())
    }
}

/// What a parenthetical asks for: the sum of all words in it that the blueprint's `delivery` knows.
public struct Manner: Hashable, Sendable {
    /// Percent.
    public private(set) var rate = 0.0
    /// On a scale of 100.
    public private(set) var pitch = 0.0
    /// In dB; it is applied when the line is mixed.
    public private(set) var volume = 0.0

    public init(_ delivery: String, _ blueprint: Value) {
        guard !delivery.isEmpty, let known = blueprint["delivery"] else { return }
        for word in delivery.lowercased().split(whereSeparator: { !$0.isLetter && $0 != "-" }) {
            guard let manner = known[String(word)] else { continue }
            rate += manner["rate"]?.number ?? 0
            pitch += manner["pitch"]?.number ?? 0
            volume += manner["volume"]?.number ?? 0
        }
    }
}
