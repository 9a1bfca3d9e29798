import ArgumentParser
import EpComposition
import EpCore
import EpDelivery
import EpDesk

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Measures what an episode has delivered, and says what platforms would refuse.",
        usage: "epbuild check PATH… [--for NAME,…] [--heard] [--all] [--json]",
        discussion: """
            PATH is an episode, a show, a workspace, or a sound, a film or a feed of any origin. Platforms: \
            \(Platform.allCases.map { "\($0.rawValue) (\($0.title))" }.joined(separator: ", ")); without --for those that a file of its kind is made for. \
            --heard listens to every spoken line of episodes, too, with a program of this machine: whisper or pocketsphinx. \
            Nothing is built or changed. Exit status: 0, or 1 if something would be refused.
            """)

    @Argument(help: "Episodes, shows, workspaces, or files.", completion: .targets)
    var paths: [String] = []

    @Option(
        name: .customLong("for"), help: "For whom: platforms, with commas between them.",
        completion: .list(Platform.allCases.map(\.rawValue)))
    var platforms: String?

    @Flag(help: "Listens to every spoken line, and compares what is heard with the script.")
    var heard = false

    @Flag(help: "Shows what is as it should be, too.")
    var all = false

    @Flag(help: "Print one JSON object for each file.")
    var json = false

    func validate() throws {
        if paths.isEmpty { throw ValidationError("PATH is missing") }
    }

    /// - Throws: `EarlyEnd` with status 1 if something would be refused.
    func run() async throws {
        let composition = Composition()
        var passes = true
        let examinations = try composition.desk().examinations(
            of: paths, for: wantedPlatforms(), listens: heard, by: composition.examiner)
        for examination in examinations {
            let answer = try await examination.answer(say: Console.say)
            passes = passes && answer.findings.pass
            json ? Console.answer(answer.value.json()) : lines(answer.name, answer.findings).forEach(Console.answer)
        }
        if !passes { throw EarlyEnd(status: .failed) }
    }

    private func wantedPlatforms() throws -> [Platform]? {
        try platforms?.split(separator: ",").map { word in
            guard let platform = Platform(rawValue: word.lowercased()) else {
                throw Diagnostic(
                    .usage, "--for knows no \"\(word)\"",
                    remedy: Suggestion.remedy(for: String(word), in: Platform.allCases.map(\.rawValue)))
            }
            return platform
        }
    }

    private func lines(_ name: String, _ findings: [Finding]) -> [String] {
        let shown = findings.filter { all || $0.result != .pass }
        let width = shown.map { $0.platform.count + $0.rule.count + 1 }.max() ?? 0
        let passed = findings.filter { $0.result == .pass }.count
        return [Console.styled(name, .bold)]
            + shown.flatMap { finding -> [String] in
                let subject = "\(finding.platform) \(finding.rule)"
                let mark =
                    switch finding.result {
                    case .pass: Console.styled("✓", .green)
                    case .note: "·"
                    case .fail: Console.styled("✗", .red)
                    }
                let place = finding.place == name ? "" : " (\(finding.place))"
                let line =
                    "  \(mark) \(subject)\(String(repeating: " ", count: width - subject.count))  \(finding.measured); wanted "
                        + "\(finding.wanted)\(place)"
                return [line] + (finding.remedy.isEmpty ? [] : ["      → \(finding.remedy)"])
            } + ["  \(passed) of \(findings.count) as they should be"]
    }
}
