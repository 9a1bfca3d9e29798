import EpCore
import Glibc
import Testing

@testable import EpPlan

/// A reproducible source of chance (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func yaml(_ text: String, file: String = "a.yaml") throws(Diagnostic) -> Node { try Node(parsing: Array(text.utf8), file: file) }

/// All that a piece of code has to say against its input.
func problems(_ body: () throws -> Void) -> [Diagnostic] {
    do {
        try body()
        return []
    } catch let list as DiagnosticList {
        return list.diagnostics
    } catch let problem as Diagnostic {
        return [problem]
    } catch {
        Issue.record("not a diagnostic: \(error)")
        return []
    }
}

/// Files in memory, and steps that have not run.
final class MemoryFiles: SourceReader, PlanProgress {
    var files: [String: String]
    var items: [Path: ItemPlace] = [:]
    var skips: [(target: Target, place: ItemPlace)] = []
    var outputs: [StepID: [String: String]] = [:]

    init(_ files: [String: String] = [:]) { self.files = files }

    func file(_ path: String) -> SourceFile? {
        files[path].map { SourceFile(path: path, shown: String(path.dropFirst()), digest: Digest(of: Array($0.utf8))) }
    }

    func bytes(_ file: SourceFile) -> [UInt8] { Array((files[file.path] ?? "").utf8) }
    func glob(_ pattern: String, in directory: String) -> [SourceFile] {
        files.keys.filter { $0.hasPrefix("\(directory)/\(pattern.prefix { $0 != "*" })") }.sorted().compactMap(file)
    }
    func output(_ path: String, of step: StepID) -> Digest? { outputs[step]?[path].map { Digest(of: Array($0.utf8)) } }
    func bytes(_ blob: Digest) throws -> [UInt8] {
        guard let text = outputs.values.flatMap(\.values).first(where: { Digest(of: Array($0.utf8)) == blob }) else {
            throw DamagedInput("gone")
        }
        return Array(text.utf8)
    }
    func version(of program: Program) -> String? { nil }
    func itemFiles(of stage: StageName) -> [Path: ItemPlace] { items.filter { $0.key.below(stage.text) != nil } }
    func skips(of stage: StageName) -> [(target: Target, place: ItemPlace)] { skips.filter { $0.target.stage == stage } }
    func handEdit(of fileName: String, in directory: String) -> SourceFile? { file("\(directory)/\(fileName)") }
}

/// One step that reads what stands in `from:` and its element, and whose `prompt:` is a template.
struct CopyTool: Tool {
    let name = ToolName("copy")
    let keys = ["from", "prompt", "inputs"]

    func references(_ stage: StageContext) throws -> [StageReference] {
        try template(stage).map(stage.stages(in:)) ?? []
    }

    func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let upstreams = try stage.upstreams() else { return nil }
        var inputs = upstreams.flatMap(\.artifacts.files).enumerated().map { Step.Input("from/\($0)", $1.source) }
        if let template = try template(stage) {
            guard let scope = try stage.scope(for: template) else { return nil }
            inputs.append(Step.Input("prompt", text: try template.render(scope)))
        }
        if let element = stage.element { inputs.append(Step.Input("element", text: element.value.json())) }
        let output = stage.stage.output ?? "out.txt"
        let step = stage.add(operation: .builtIn(tool: name, operation: "copy", revision: "1"), inputs: inputs, outputs: [output])
        return [ArtifactRef(name: output, source: .output(step, path: output))]
    }

    private func template(_ stage: StageContext) throws -> Template? {
        guard let path = stage.stage.node["prompt"] else { return nil }
        let file = try stage.showFile(path.value.string ?? "", at: path.location)
        return try Template(parsing: stage.bytes(of: file), file: file.shown)
    }
}

/// A planner for the episode `/w/show/ep`, whose files are in memory.
func planner(
    _ pipeline: String, files: MemoryFiles = MemoryFiles(), show: String = "title: S", episode: String = "title: E",
    isForgiving: Bool = false
) throws -> Planner {
    let show = try Show(directory: "/w/show", yaml(show, file: "show.yaml"))
    return try Planner(
        workspace: Workspace(directory: "/w", nil), show: show,
        episode: Episode(directory: "/w/show/ep", yaml(episode, file: "episode.yaml"), show: show),
        stages: Pipeline(yaml(pipeline, file: "pipeline.yaml"), tools: ["copy": CopyTool().keys]).stages,
        tools: [ToolName("copy"): CopyTool()], sources: files, progress: files, isForgiving: isForgiving)
}

/// How long this thread has kept a processor busy.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
