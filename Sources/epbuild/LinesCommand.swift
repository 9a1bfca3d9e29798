import ArgumentParser
import EpCore
import EpDesk
import EpEngine

struct LinesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lines", abstract: "Lists what is said: when, by whom, where it is written, in which take.",
        usage: "epbuild lines [PATH] [--json]",
        discussion: "Any line is named by its place, such as `script.fountain:57`, wherever a target is.")

    @Argument(help: "An episode.", completion: .places)
    var words: [String] = []

    @Flag(help: "Print one JSON object for each line.")
    var json = false

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: false)
        if let target = session.targets.first { throw Diagnostic(.usage, "lines takes no target, and \(target) is none of its options") }
        let lines = try session.desk.lines(of: try await session.inspect { Console.report($0) })
        if json { return lines.forEach { Console.answer($0.value.json()) } }
        guard !lines.isEmpty else { return Console.say("no line is known yet: build the script first, with epbuild \(session.shown)") }
        var table = Table(numbers: [0, 1])
        for line in lines { table.add(line.cells(in: session)) }
        table.lines().forEach(Console.answer)
    }
}

extension LineAnswer {
    /// Number, time, speaker, words, place, and what is remarkable.
    fileprivate func cells(in session: TargetSession) -> [String] {
        var remarks: [String] = []
        if isSkipped { remarks.append("left out") } else if let state, state != .upToDate { remarks.append(state.rawValue) }
        if take != .first { remarks.append("take \(take)") }
        if let cost, cost != .zero { remarks.append(cost.text) }
        return [
            target.item ?? "\(number)", time.map { ClockTime.text($0.lowerBound) } ?? "", title.speaker ?? "", title.words.fitted(to: 48),
            title.place.map { session.shown($0) } ?? "", remarks.joined(separator: ", "),
        ]
    }
}

/// A moment of an episode, or its length, as players show it.
enum ClockTime {
    /// `0:07.2`, `1:02:03.4`.
    static func text(_ seconds: Double) -> String {
        let tenths = Int((max(0, seconds) * 10).rounded(.down))
        return "\(whole(Double(tenths / 10))).\(tenths % 10)"
    }

    /// `0:07`, `1:02:03`.
    static func whole(_ seconds: Double) -> String {
        let all = Int(max(0, seconds).rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return all < 3600 ? "\(all / 60):\(two(all % 60))" : "\(all / 3600):\(two(all / 60 % 60)):\(two(all % 60))"
    }
}
