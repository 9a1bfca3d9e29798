import ArgumentParser
import EpComposition
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
        for action in try session.builder.takes(of: target, in: inspection) {
            let pair = try takes.map { number in
                guard let result = action.takes.first(where: { $0.take.number == number })?.result else {
                    throw Diagnostic(
                        .usage, "take \(number) of \(action.name) is not in the local cache",
                        remedy: "`epbuild takes` tells which are; `epbuild use` and a build bring one back")
                }
                return result
            }
            for output in pair[0].outputs {
                let renditions = try zip(takes, pair).map { take, result in
                    Rendition(
                        take: take, content: try session.builder.open(output.path, in: result), digest: result[output.path],
                        servedBy: result.servedBy)
                }
                try Rendition.difference(named: "\(action.name)/\(output.path)", renditions[0], renditions[1]).forEach(Console.answer)
            }
        }
    }
}

/// One take's output, as it is compared with another's.
private struct Rendition {
    let take: Int
    let content: any RandomAccessBytes
    let digest: Digest?
    let servedBy: String

    static func difference(named name: String, _ first: Rendition, _ second: Rendition) throws -> [String] {
        if first.digest == second.digest { return ["\(name): the same in both takes"] }
        if let old = try first.text(), let new = try second.text() {
            let text = UnifiedDiff(
                LineDiff(from: old, to: new), oldName: "take \(first.take)/\(name)", newName: "take \(second.take)/\(name)"
            ).text
            return [text.hasSuffix("\n") ? String(text.dropLast()) : text]
        }
        return try [name] + [first, second].map { "  take \($0.take)  \(try $0.shown())  made by \(Provider.shown($0.servedBy))" }
    }

    /// What is longer is no text that a person compares line by line, in bytes.
    private static let longestText = 16 << 20

    /// Its bytes if they are text.
    private func text() throws -> [UInt8]? {
        guard content.count <= Self.longestText else { return nil }
        // Sound is seldom without a zero at its beginning, and need not be read as a whole to be told from text.
        if try content.bytes(in: 0..<min(content.count, 4096)).contains(0) { return nil }
        let bytes = try content.bytes(in: 0..<content.count)
        return bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }

    /// Length and integrated loudness (ITU-R BS.1770) of a WAV file, or why it has none; the size of anything else.
    private func shown() throws -> String {
        let size = Size.text(Int64(content.count))
        let magic = try content.bytes(in: 0..<min(content.count, 4))
        guard ["RIFF", "RF64", "BW64"].contains(where: { Array($0.utf8) == magic }) else { return size }
        do {
            let file = try WAVFile(content, named: "take \(take)")
            let seconds = (file.seconds * 100).rounded() / 100
            let loudness = try LoudnessBlocks(of: SoundStream(file)).integrated.map { "\(($0 * 10).rounded() / 10) LUFS" } ?? "silent"
            return "\(seconds) s, \(loudness)"
        } catch let problem as Diagnostic where problem.code == .badInput {
            return "\(size) (\(problem.message))"
        }
    }
}
