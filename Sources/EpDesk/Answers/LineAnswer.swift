public import EpCore
public import EpEngine
import EpPlan

/// One spoken line of an episode.
public struct LineAnswer: Sendable {
    /// Where it stands among the lines of its script, from 1.
    public let number: Int
    public let target: Target
    /// Who says what, and where it is written.
    public let title: ItemTitle
    /// The parenthetical; "" if there is none.
    public let delivery: String
    /// True if a person has left it out.
    public let isSkipped: Bool
    /// Nil for a line that nobody has to speak, such as a recording.
    public let state: Inspection.State?
    /// When it is heard, in seconds of the episode; nil if the mix is not known as it stands.
    public let time: Range<Double>?
    public let take: Take
    /// What the take in use has cost; nil if it is not made.
    public let cost: Cost?
    /// Who has spoken it; "" if nobody did or nobody knows.
    public let servedBy: String

    /// As `lines --json` gives it.
    public var value: Value {
        func rounded(_ seconds: Double?) -> Value { seconds.map { .double(($0 * 1000).rounded() / 1000) } ?? .null }
        return .object([.init("number", .int(Int64(number))), .init("target", .string(target.description))] + title.members + [
            .init("delivery", .string(delivery)), .init("start", rounded(time?.lowerBound)), .init("end", rounded(time?.upperBound)),
            .init("state", .string(isSkipped ? "left out" : state?.rawValue ?? "source")), .init("take", .int(Int64(take.number))),
        ] + (cost?.members("cost") ?? []) + [.init("servedBy", .string(servedBy))])
    }
}

extension Desk {
    /// The spoken lines of an episode, in the order in which they stand; none if its script is not known yet.
    /// - Throws: `Diagnostic` if the cache cannot be read.
    public func lines(of inspection: Inspection) throws -> [LineAnswer] {
        let timelines = try builder.artifacts(named: "timeline.json", in: inspection).map { target, bytes in
            (target: target, lines: try Node(parsing: bytes, file: "timeline.json").value["lines"]?.list ?? [])
        }
        // The last step of a target makes what is heard.
        let steps = Dictionary(inspection.steps.map { ($0.target, $0) }) { _, last in last }
        let spoken = inspection.items.filter { $0.element["speaker"]?.string != nil && $0.element["text"]?.string != nil }
        var (numbers, heard) = ([Target: Int](), [Target: Int]())
        return spoken.compactMap { item -> LineAnswer? in
            guard let title = ItemTitle(item.element, at: item.place) else { return nil }
            let script = Target(stage: item.target.stage, item: item.target.item.flatMap { Target.homes(of: $0).dropFirst().first?.text })
            numbers[script, default: 0] += 1
            let step = steps[item.target]
            var time: Range<Double>?
            if !item.isSkipped {
                let index = heard[script, default: 0]
                heard[script] = index + 1
                time = timelines.lazy.compactMap { Self.time(of: title, index, in: $0.lines, of: $0.target, for: script) }.first
            }
            return LineAnswer(
                number: numbers[script] ?? 1, target: item.target, title: title, delivery: item.element["delivery"]?.string ?? "",
                isSkipped: item.isSkipped, state: step?.state, time: time, take: step?.take ?? .first,
                cost: step?.result?.cost, servedBy: step?.result?.servedBy ?? "")
        }
    }

    /// When a line is heard, if the timeline has it where it stands.
    private static func time(of title: ItemTitle, _ index: Int, in lines: [Value], of mix: Target, for script: Target) -> Range<Double>? {
        guard mix.item == nil || mix.item == script.item, lines.indices.contains(index) else { return nil }
        let line = lines[index]
        guard line["speaker"]?.string == title.speaker, let start = line["start"]?.number, let end = line["end"]?.number, start <= end,
            line["text"]?.string?.split(whereSeparator: \.isWhitespace).joined(separator: " ") == title.words
        else { return nil }
        return start..<end
    }
}
