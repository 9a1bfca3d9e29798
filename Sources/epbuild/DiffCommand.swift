import ArgumentParser
import EpCore
import EpEngine
import EpSound
import EpText

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Shows a hand edit against the generated text, or two takes against each other.",
        usage: "epbuild diff PATH TARGET [--takes 1 2]")

    @Argument(help: "An episode, then a stage or an item.", completion: .targets)
    var words: [String] = []

    @Option(parsing: .upToNextOption, help: "Two takes to compare: texts line by line, sound by its length and loudness.")
    var takes: [Int] = []

    func run() async throws {
        let session = try TargetSession(words, needsTarget: true)
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
        guard takes.count == 2, takes.allSatisfy({ $0 >= 1 }) else { throw Diagnostic(.usage, "which two takes?", remedy: "epbuild diff EPISODE TARGET --takes 1 2") }
        for action in try session.builder.takes(of: target, in: inspection) {
            let pair = try takes.map { number in
                guard let result = action.takes.first(where: { $0.take.number == number })?.result else {
                    throw Diagnostic(.usage, "take \(number) of \(action.name) is not in the local cache", remedy: "`epbuild takes` tells which are; `epbuild use` and a build bring one back")
                }
                return result
            }
            for output in pair[0].outputs {
                let contents = try pair.map { try session.builder.content(of: output.path, in: $0) }
                Rendition.difference(named: "\(action.name)/\(output.path)", takes, contents, pair).forEach(Console.answer)
            }
        }
    }
}

/// One take's output, as it is compared with another's.
private enum Rendition {
    static func difference(named name: String, _ takes: [Int], _ contents: [[UInt8]], _ results: [ActionResult]) -> [String] {
        if contents[0] == contents[1] { return ["\(name): the same in both takes"] }
        if contents.allSatisfy(isText) {
            let text = UnifiedDiff(LineDiff(from: contents[0], to: contents[1]), oldName: "take \(takes[0])/\(name)", newName: "take \(takes[1])/\(name)").text
            return [text.hasSuffix("\n") ? String(text.dropLast()) : text]
        }
        return [name] + zip(takes, zip(contents, results)).map { take, rendition in
            "  take \(take)  \(sound(rendition.0) ?? Size.text(Int64(rendition.0.count)))  made by \(Provider.shown(rendition.1.servedBy))"
        }
    }

    private static func isText(_ bytes: [UInt8]) -> Bool { !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil }

    /// Length and integrated loudness (ITU-R BS.1770) of a WAV file; nil for anything else.
    private static func sound(_ bytes: [UInt8]) -> String? {
        guard let sound = try? PCM(wav: bytes, named: "take") else { return nil }
        let seconds = (sound.seconds * 100).rounded() / 100
        let loudness = LoudnessBlocks(of: sound, in: 0..<sound.count).integrated.map { "\(($0 * 10).rounded() / 10) LUFS" } ?? "silent"
        return "\(seconds) s, \(loudness)"
    }
}
