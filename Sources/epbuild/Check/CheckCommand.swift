import ArgumentParser
import EpComposition
import EpCore
import EpDelivery
import EpDesk
import EpEngine
import EpExecution
import EpFiles
import EpTools

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
        let wanted = try wantedPlatforms()
        let runner = ToolRunner(
            tools: [], searchPath: composition.setting.searchPath, temporaryDirectory: composition.setting.temporaryDirectory)
        let check = FileCheck(runner) { DiskInputs(paths: $0, known: $1) }
        var passes = true
        func tell(_ name: String, _ findings: [Finding]) {
            passes = passes && findings.pass
            json ? Console.answer(value(name, findings).json()) : lines(name, findings).forEach(Console.answer)
        }
        for finished in try FinishedEpisode.all(paths.filter { !FinishedFeed.isNamed($0) }, composition) {
            for media in FileCheck.media(among: finished.files) {
                let home = try TemporaryHome(in: composition.setting.temporaryDirectory)
                tell(media.name, try await check.findings(
                    media, beside: finished.beside(media), in: home.path, for: wanted ?? FileCheck.platforms(for: media.name)))
            }
        }
        for feed in try FinishedFeed.all(paths, composition) { tell(feed.name, try feed.findings(for: wanted)) }
        for place in heard ? try composition.episodes(paths.filter { !FinishedFeed.isNamed($0) && isDirectory($0, composition) }) : [] {
            let name = composition.setting.shown(place.directory)
            let lines = HeardLines(of: place, shown: name, composition)
            tell(name, try await lines.findings(inputs: { DiskInputs(paths: [:], known: $0) }, say: Console.say))
        }
        if !passes { throw EarlyEnd(status: .failed) }
    }

    private func isDirectory(_ path: String, _ composition: Composition) -> Bool {
        FileStatus(composition.setting.absolute(path), followingLink: true)?.isDirectory != false
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

    private func value(_ name: String, _ findings: [Finding]) -> Value {
        .object([.init("file", .string(name))] + (findings.value.members ?? []))
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
