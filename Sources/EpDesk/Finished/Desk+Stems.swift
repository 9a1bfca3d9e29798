import EpCore
public import EpEngine
import EpFiles
import EpPlan
import EpTools

/// What was written of an episode that was taken apart.
public struct StemsAnswer: Sendable {
    /// As the person would name them: below the directory that was asked for, in the order in which they were written.
    public let files: [String]
}

extension Desk {
    /// Writes the sound of an episode, taken apart for an editor, with labels and timelines. Nothing is built.
    ///
    /// Of several mixes, one for each language perhaps, each has a directory of its own, which is called as its item.
    /// - Parameters:
    ///   - directory: absolute; a new or an empty one.
    ///   - shown: the same as the person names it.
    /// - Throws: `Diagnostic` (usage) if nothing is mixed, the mix is not built as it stands, or something lies in the directory.
    public func writeStems(of inspection: Inspection, into directory: String, shown: String) throws -> StemsAnswer {
        let mixes = try mixes(of: inspection)
        try checkIsEmpty(directory, shown)
        let title = Path(inspection.place.directory).parts.last ?? "episode"
        return StemsAnswer(
            files: try mixes.flatMap { target, mix in
                let below = mixes.count == 1 ? "" : "/\(target.item ?? target.stage.text)"
                try Directory.make(directory + below)
                return try mix.write(into: directory + below, title: title).map { "\(shown)\(below)/\($0)" }
            })
    }

    private func checkIsEmpty(_ directory: String, _ shown: String) throws {
        if let status = try Files.status(directory), !status.isDirectory {
            throw Diagnostic(.usage, "\(shown) is a file", remedy: "name a directory that is new or empty")
        }
        guard try Directory.allNames(directory).isEmpty else {
            throw Diagnostic(
                .usage, "\(shown) is not empty: what is in it may be somebody's work", remedy: "name a directory that is new or empty")
        }
    }

    /// The mixes of an episode, one for each language or what else it fans out over.
    private func mixes(of inspection: Inspection) throws -> [(Target, MixStems)] {
        let stages = inspection.stages.filter { if case .tool(ToolName("mix")) = $0.definition.kind { true } else { false } }
        guard !stages.isEmpty else {
            throw Diagnostic(.usage, "nothing is mixed here", remedy: "stems are made of a stage with `tool: mix`")
        }
        let targets = stages.map { Target(stage: $0.definition.name) }
        let steps = targets.flatMap(inspection.steps)
        guard !steps.isEmpty, steps.allSatisfy({ $0.state == .upToDate }), steps.contains(where: { $0.name.hasPrefix("part ") }) else {
            throw Diagnostic(
                .usage, "the mix is not built as it stands now", remedy: "build it: epbuild \(builder.shown(inspection.place))")
        }
        let sounds = MixedSounds(inspection, decodedBy: steps)
        var parts: [Target: [MixStems.Part]] = [:]
        for action in targets.flatMap(inspection.actions) where action.step.name.hasPrefix("part ") {
            let names = Dictionary(action.inputs.map { ($0.label, sounds.name(of: $0.digest)) }) { first, _ in first }
            parts[action.step.target, default: []].append(try MixStems.Part(builder.inputs(of: action), names: names))
        }
        let timelines = try builder.artifacts(named: "timeline.json", in: inspection)
        return try parts.sorted { Target.areInOrder($0.key, $1.key) }.map { target, parts in
            let timeline =
                try timelines.first { $0.target == target }.map { try Node(parsing: $0.bytes, file: "timeline.json").value } ?? .null
            return (target, MixStems(parts, timeline: timeline))
        }
    }
}

/// What the sounds of an episode's mix are.
private struct MixedSounds {
    private var spoken: Set<Digest>
    private var names: [Digest: String]

    /// - Parameter steps: the mix's own: it decodes a person's sounds itself.
    init(_ inspection: Inspection, decodedBy steps: [Inspection.StepView]) {
        (spoken, names) = (inspection.spokenFiles, inspection.fileNames)
        for step in steps where step.name.hasPrefix("decode ") || step.name.hasPrefix("cut ") {
            let title = String(step.name.drop { $0 != " " }.dropFirst())
            for output in step.result?.outputs ?? [] {
                names[output.digest] = title
                if title.hasPrefix("recording ") { spoken.insert(output.digest) }
            }
        }
    }

    func name(of sound: Digest) -> MixStems.Name { spoken.contains(sound) ? .line : .sound(names[sound] ?? "sound") }
}
