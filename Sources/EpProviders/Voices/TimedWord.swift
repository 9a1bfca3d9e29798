public import EpCore

/// A word, and when it is said.
public struct TimedWord: Sendable, Hashable {
    public let text: String
    /// In seconds from the beginning of the sound.
    public let start: Double
    public let end: Double

    public init(_ text: String, from start: Double, to end: Double) { (self.text, self.start, self.end) = (text, start, end) }

    public var value: Value { ["word": .string(text), "start": .double(start), "end": .double(end)] }

    /// - Returns: nil if it is no word with its times.
    public init?(_ value: Value) {
        guard let text = value["word"]?.string ?? value["text"]?.string, let start = value["start"]?.number, let end = value["end"]?.number
        else { return nil }
        self.init(text.trimmed, from: start, to: end)
    }
}
