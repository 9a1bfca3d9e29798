import ArgumentParser
import EpComposition
import EpCore
import EpEngine
import EpFiles
import EpPlan
import EpTools

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Hands an episode over to an editor: its sound taken apart, with labels and a timeline.",
        usage: "epbuild export [PATH] --stems DIR",
        discussion: """
            DIR, which must be new or empty, gets dialogue.wav, music.wav, effects.wav and ambience.wav, all as long as the episode (24 bits, 44.1 kHz, \
            before the limiter), labels for Audacity, a timeline to read, and one for OpenTimelineIO.
            """)

    @Argument(help: "An episode.", completion: .places)
    var words: [String] = []

    @Option(help: ArgumentHelp("Write the stems into this directory.", valueName: "dir"))
    var stems: String

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: false)
        let inspection = try await session.inspect { Console.report($0) }
        let mixes = try mixes(session, inspection)
        let base = session.composition.setting.absolute(stems)
        try checkIsEmpty(base)
        for (target, mix) in mixes {
            let directory = mixes.count == 1 ? base : "\(base)/\(target.item ?? target.stage.text)"
            try Directory.make(directory)
            let names = try mix.write(
                into: directory, title: Path(inspection.place.directory).parts.last ?? "episode")
            let shown = mixes.count == 1 ? stems : "\(stems)/\(target.item ?? target.stage.text)"
            for name in names { Console.answer("→ \(shown)/\(name)") }
        }
    }

    private func checkIsEmpty(_ directory: String) throws {
        if let status = try Files.status(directory), !status.isDirectory {
            throw Diagnostic(.usage, "\(stems) is a file", remedy: "name a directory that is new or empty")
        }
        guard try Directory.allNames(directory).isEmpty else {
            throw Diagnostic(
                .usage, "\(stems) is not empty: what is in it may be somebody's work", remedy: "name a directory that is new or empty")
        }
    }

    /// The mixes of an episode, one for each language or what else it fans out over.
    private func mixes(_ session: TargetSession, _ inspection: Inspection) throws -> [(Target, MixStems)] {
        let stages = inspection.stages.filter { if case .tool(ToolName("mix")) = $0.definition.kind { true } else { false } }
        guard !stages.isEmpty else {
            throw Diagnostic(.usage, "nothing is mixed here", remedy: "stems are made of a stage with `tool: mix`")
        }
        let targets = stages.map { Target(stage: $0.definition.name) }
        let steps = targets.flatMap(inspection.steps)
        guard !steps.isEmpty, steps.allSatisfy({ $0.state == .upToDate }), steps.contains(where: { $0.name.hasPrefix("part ") }) else {
            throw Diagnostic(.usage, "the mix is not built as it stands now", remedy: "build it: epbuild \(session.shown)")
        }
        var (spoken, names) = (inspection.spokenFiles, inspection.fileNames)
        // A person's own sounds are decoded by the mix itself.
        for step in steps where step.name.hasPrefix("decode ") || step.name.hasPrefix("cut ") {
            let title = String(step.name.drop { $0 != " " }.dropFirst())
            for output in step.result?.outputs ?? [] {
                names[output.digest] = title
                if title.hasPrefix("recording ") { spoken.insert(output.digest) }
            }
        }
        var parts: [Target: [MixStems.Part]] = [:]
        for action in targets.flatMap(inspection.actions) where action.step.name.hasPrefix("part ") {
            let kinds = action.inputs.map {
                ($0.label, spoken.contains($0.digest) ? MixStems.Name.line : .sound(names[$0.digest] ?? "sound"))
            }
            parts[action.step.target, default: []].append(
                try MixStems.Part(session.builder.inputs(of: action), names: Dictionary(kinds) { first, _ in first }))
        }
        let timelines = try session.builder.artifacts(named: "timeline.json", in: inspection)
        return try parts.sorted { Target.areInOrder($0.key, $1.key) }.map { target, parts in
            let timeline =
                try timelines.first { $0.target == target }.map { try Node(parsing: $0.bytes, file: "timeline.json").value } ?? .null
            return (target, MixStems(parts, timeline: timeline))
        }
    }
}
