import EpCore
import EpPlan
import FoundationEssentials
import Testing

@testable import EpProviders
@testable import EpTools

/// What one episode's stages become, with every tool and with files in memory: steps can be looked at before anything runs, and those that
/// are built in run without a build.
///
/// The episode lies in `/w/show/ep`.
final class PlannedEpisode {
    let memory: MemoryShow
    let planner: Planner
    private let tools: [ToolName: any Tool]

    /// - Parameters:
    ///   - stages: as they stand below `stages:`, without their indent.
    ///   - files: by their paths below the show.
    /// - Throws: what is wrong with the pipeline, the show or the workspace.
    init(
        _ stages: String..., show: String = "title: The Show", episode: String = "title: The Sea", workspace: String? = nil,
        files: [String: String] = [:], isDraft: Bool = false
    ) throws {
        func node(_ text: String, _ file: String) throws -> Node { try Node(parsing: Array(text.utf8), file: file) }
        let catalog = ToolCatalog(.shipped, .unused).tools
        memory = MemoryShow(files.mapValues { Array($0.utf8) })
        tools = Dictionary(uniqueKeysWithValues: catalog.map { ($0.name, $0) })
        let show = try Show(directory: MemoryShow.directory, node(show, "show.yaml"))
        let pipeline = "stages:\n" + stages.map { "  \($0.replacing("\n", with: "\n  "))\n" }.joined()
        let keys = Dictionary(uniqueKeysWithValues: catalog.map { ($0.name.text, $0.keys) })
        planner = try Planner(
            workspace: Workspace(directory: "/w", workspace.map { try node($0, "epbuild.yaml") }), show: show,
            episode: Episode(directory: "\(MemoryShow.directory)/ep", node(episode, "episode.yaml"), show: show),
            stages: Pipeline(node(pipeline, "pipeline.yaml"), tools: keys).stages, tools: tools, sources: memory, progress: memory,
            isDraft: isDraft)
    }

    /// All that is wrong with stages, whether the pipeline or the plan finds it.
    static func problems(
        _ stages: String..., show: String = "title: The Show", episode: String = "title: The Sea", workspace: String? = nil,
        files: [String: String] = [:]
    ) -> [Diagnostic] {
        EpToolsTests.problems {
            try PlannedEpisode(stages.joined(separator: "\n"), show: show, episode: episode, workspace: workspace, files: files).plan()
        }
    }

    /// Names every step that can be named by now.
    @discardableResult
    func plan() throws -> [Step] {
        _ = try planner.expand(goals: [])
        return planner.steps
    }

    /// Runs all built-in steps, and those that follow from what they make.
    /// - Parameter program: what a program would leave, by path.
    func build(program: (Step) throws -> [String: [UInt8]] = { step in throw Unserved(step: "\(step.target) \(step.name)") }) async throws {
        while true {
            let isComplete = try planner.expand(goals: [])
            let due = planner.steps.indices.map { StepID($0) }.filter { memory.outputs[$0] == nil }
            if due.isEmpty {
                #expect(isComplete)
                return
            }
            for id in due { memory.outputs[id] = try await outputs(of: id, program) }
        }
    }

    struct Unserved: Error { let step: String }

    private func outputs(of id: StepID, _ program: (Step) throws -> [String: [UInt8]]) async throws -> [Path: [UInt8]] {
        let step = planner.steps[id.index]
        guard case .builtIn = step.operation else {
            return Dictionary(uniqueKeysWithValues: try program(step).map { (Path($0.key), $0.value) })
        }
        return try await run(step).files
    }

    /// What a step makes of its inputs, and what it says.
    func run(_ step: Step) async throws -> (files: [Path: [UInt8]], messages: [String]) {
        let tool = try #require(tools[step.tool])
        let directory = FileManager.default.temporaryDirectory.appending(path: "eptools-step-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: directory) }
        let job = Job(step: step, inputs: MemoryInputs(try inputs(of: step)), take: Take(1)) {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            return directory.path()
        }
        let result = try await tool.run(job)
        let files = try result.outputs.mapValues { content -> [UInt8] in
            switch content {
            case .bytes(let bytes): bytes
            case .file(let path, _): Array(try Data(contentsOf: URL(filePath: path)))
            }
        }
        return (files, result.messages)
    }

    func inputs(of step: Step) throws -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: try step.inputs.map { ($0.label, try #require(try planner.bytes(of: $0.source))) })
    }

    /// The steps of a stage, or of one of its items.
    func steps(_ target: String) -> [Step] {
        let target = Target(parsing: target)
        return planner.steps.filter { target.covers($0.target) }
    }

    func files(_ stage: String) -> [ArtifactRef] { planner.items(of: StageName(stage)).flatMap(\.files) }

    /// What a stage has made; with a name, the file that is called so.
    func text(_ stage: String, _ name: String? = nil) throws -> String {
        let file = try #require(files(stage).first { name == nil || $0.name == name }, "\(files(stage).map(\.name))")
        return String(decoding: try #require(try planner.bytes(of: file.source)), as: UTF8.self)
    }
}

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

extension Step {
    /// An input whose text stands in the plan.
    func text(_ label: String) -> String? {
        guard case .literal(let bytes)? = inputs.first(where: { $0.label == label })?.source else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    var labels: [String] { inputs.map(\.label) }

    var arguments: [String] { if case .program(let arguments, _) = operation { arguments } else { [] } }
}

/// The files of a show and the outputs of steps, in memory. Every program is there, in version 1.
final class MemoryShow: SourceReader, PlanProgress {
    static let directory = "/w/show"
    private var files: [String: [UInt8]]
    var outputs: [StepID: [Path: [UInt8]]] = [:]
    /// Other episodes, each with what it has told.
    var neighbours: [(neighbour: Neighbour, concept: String?)] = []
    var missing: Set<String> = []

    /// - Parameter files: by their paths below the show.
    init(_ files: [String: [UInt8]]) {
        self.files = Dictionary(uniqueKeysWithValues: files.map { ("\(Self.directory)/\($0.key)", $0.value) })
    }

    subscript(path: String) -> [UInt8]? {
        get { files["\(Self.directory)/\(path)"] }
        set { files["\(Self.directory)/\(path)"] = newValue }
    }

    func file(_ path: String) -> SourceFile? {
        files[path].map { SourceFile(path: path, shown: String(path.dropFirst("\(Self.directory)/".count)), digest: Digest(of: $0)) }
    }

    func bytes(_ file: SourceFile) throws -> [UInt8] { try #require(files[file.path]) }

    /// Of patterns, those that end in `*` or `*.ENDING`.
    func glob(_ pattern: String, in directory: String) -> [SourceFile] {
        let parts = "\(directory)/\(pattern)".split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        let found = files.keys.filter { path in
            parts.count == 1 ? path == String(parts[0]) : path.hasPrefix(String(parts[0])) && path.hasSuffix(String(parts[1]))
        }
        return found.sorted().compactMap(file)
    }

    func episodes(of show: Show) -> [Neighbour] { neighbours.map(\.neighbour).sorted() }

    func told(_ telling: Telling, by neighbour: Neighbour) -> [UInt8]? {
        neighbours.first { $0.neighbour == neighbour }?.concept.map { Array($0.utf8) }
    }

    func output(_ path: String, of step: StepID) -> Digest? { outputs[step]?[Path(path)].map { Digest(of: $0) } }

    func files(below directory: String, of step: StepID) -> [String]? {
        outputs[step].map { $0.keys.map(\.text).filter { $0.hasPrefix(directory) }.sorted() }
    }

    func bytes(_ blob: Digest) throws -> [UInt8] { try #require(outputs.values.flatMap(\.values).first { Digest(of: $0) == blob }) }

    func version(of program: Program) -> String? { missing.contains(program.name) ? nil : "\(program.name) 1" }

    func handEdit(of fileName: String, in directory: String) -> SourceFile? { nil }
}

/// The inputs of a step, in memory.
struct MemoryInputs: JobInputs {
    private let files: [String: [UInt8]]

    init(_ files: [String: [UInt8]]) { self.files = files }

    init(texts: [String: String]) { files = texts.mapValues { Array($0.utf8) } }

    var labels: [String] { files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    func bytes(_ label: String) throws -> [UInt8] {
        guard let bytes = files[label] else { throw DamagedInput(label) }
        return bytes
    }

    func copy(_ label: String, to path: String) throws { try Data(try bytes(label)).write(to: URL(filePath: path)) }
}
