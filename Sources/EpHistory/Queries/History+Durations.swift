/// How long actions of a kind took when they were made.
public struct RecordedDuration: Sendable, Equatable {
    public let count: Int
    /// All in seconds.
    public let mean: Double
    public let p10: Double
    public let p90: Double

    /// - Parameter seconds: at least one.
    init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        count = sorted.count
        mean = sorted.reduce(0, +) / Double(sorted.count)
        // Nearest rank.
        func percentile(_ share: Double) -> Double { sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)] }
        (p10, p90) = (percentile(0.1), percentile(0.9))
    }
}

/// Actions that are expected to take about as long as each other.
public struct ActionKind: Hashable, Sendable {
    public let tool: String
    public let stage: String
    /// A step's name without its number: "part" for "part 12".
    public let step: String

    public init(tool: String, stage: String, step: String) {
        self.tool = tool
        self.stage = stage
        var name = step[...]
        while let last = name.last, last.isNumber || last == " " || last == "-" || last == "#" { name.removeLast() }
        self.step = String(name)
    }
}

extension History {
    /// Mean and spread of what actions took, from those of the workspace that were executed last.
    /// - Parameter sample: how many actions are looked at.
    public func durations(sample: Int = 10_000) throws -> [ActionKind: RecordedDuration] {
        var seconds: [ActionKind: [Double]] = [:]
        let found = try rows(
            "SELECT tool, stage, step, seconds FROM action WHERE origin = 'executed' ORDER BY id DESC LIMIT ?", [.integer(sample)]
        ) { (ActionKind(tool: $0.text(0), stage: $0.text(1), step: $0.text(2)), $0.real(3)) }
        for (kind, time) in found { seconds[kind, default: []].append(time) }
        return seconds.mapValues(RecordedDuration.init)
    }
}
