import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Shows a hand edit against the generated text, or two takes against each other.",
        usage: "epbuild diff PATH TARGET [--takes 1 2]")

    @Argument(help: "An episode, then a stage or an item.", completion: .targets)
    var words: [String] = []

    @Option(parsing: .upToNextOption, help: "Two takes to compare: texts line by line, sound by its length and loudness.")
    var takes: [Int] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect(forgiving: takes.isEmpty)
        for target in session.targets {
            if takes.isEmpty {
                Console.answer(bytes: Array(try session.builder.difference(of: target, in: inspection).utf8))
            } else {
                try compare(target, session, inspection)
            }
        }
    }

    private func compare(_ target: Target, _ session: TargetSession, _ inspection: Inspection) throws {
        guard takes.count == 2, takes.allSatisfy({ $0 >= 1 }) else {
            throw Diagnostic(.usage, "which two takes?", remedy: "epbuild diff EPISODE TARGET --takes 1 2")
        }
        let pair = (Take(takes[0]), Take(takes[1]))
        for difference in try session.desk.differences(of: target, takes: pair, in: inspection) {
            try difference.lines().forEach(Console.answer)
        }
    }
}

extension TakeDifference {
    fileprivate func lines() throws -> [String] {
        let name = "\(action)/\(name)"
        guard sides.count == 2 else { return ["\(name): in take \(sides[0].take) alone"] }
        if isSame { return ["\(name): the same in both takes"] }
        if let text = try text() { return [text.hasSuffix("\n") ? String(text.dropLast()) : text] }
        return try [name] + sides.map { "  take \($0.take)  \(try $0.shown())  made by \(Provider.shown($0.servedBy))" }
    }
}

extension TakeDifference.Side {
    /// Length and loudness of a sound, or why it has none; the size of anything else.
    fileprivate func shown() throws -> String {
        switch try heard() {
        case .sound(let seconds, let loudness): "\(seconds) s, \(loudness.map { "\($0) LUFS" } ?? "silent")"
        case .unreadable(let why): "\(Size.text(digest.size)) (\(why))"
        case nil: Size.text(digest.size)
        }
    }
}
