/// A place on the timeline of the finished file, in whole milliseconds: the precision of every format written here.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// From 0.
    public let milliseconds: Int64

    /// - Parameter milliseconds: brought into the range of 0 to a million million (31 years).
    public init(milliseconds: Int64) { self.milliseconds = min(max(0, milliseconds), 1_000_000_000_000) }

    /// - Parameter seconds: rounded to the nearest millisecond; what is negative or not a number counts as 0.
    public init(seconds: Double) {
        self.init(milliseconds: seconds > 0 ? Int64(min(seconds, 1e9) * 1000 + 0.5) : 0)
    }

    /// - Parameter rate: samples a second.
    public init(sample: Int64, rate: Int64 = 44_100) {
        let samples = max(0, sample)
        self.init(milliseconds: samples / rate * 1000 + (samples % rate * 1000 + rate / 2) / rate)
    }

    public static let zero = Timestamp(milliseconds: 0)
    public var seconds: Double { Double(milliseconds) / 1000 }
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
    /// `1:02` or `1:02:03`, in whole seconds rounded down, as people and YouTube write a place in a recording.
    public var clock: String {
        let (hours, minutes, seconds) = parts
        return hours == 0 ? "\(minutes):\(padded(seconds))" : "\(hours):\(padded(minutes)):\(padded(seconds))"
    }

    /// `01:02:03.004`, with the separator that a format wants before the milliseconds.
    func full(separator: String) -> String {
        let (hours, minutes, seconds) = parts
        return "\(padded(hours)):\(padded(minutes)):\(padded(seconds))\(separator)\(padded(milliseconds % 1000, 3))"
    }

    private var parts: (hours: Int64, minutes: Int64, seconds: Int64) {
        let seconds = milliseconds / 1000
        return (seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// The number with zeros in front, at least `width` digits wide.
func padded(_ number: Int64, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
