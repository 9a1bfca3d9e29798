import EpCache
import EpCore
import EpEngine
import EpPlan
import Glibc

/// `epbuild-bench DIRECTORY COUNT`: builds COUNT trivial actions in this process, from an empty cache, durably.
///
/// `epbuild-bench --questions COUNT` measures what surrounds a question to a service.
///
/// Prints the seconds that the build took, as one number. Their stage fans out over the lines of a text; each action
/// hands on the line that it was given. So what is measured is the engine and the cache, and no program.
@main
struct Main {
    @concurrent static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else {
            print("usage: epbuild-bench DIRECTORY COUNT")
            exit(ExitStatus.usage.rawValue)
        }
        if arguments[1] == "--questions" {
            print(try await Questions.ask(count))
            return
        }
        let directory = arguments[1]
        try write(count, to: directory)
        let tools = [EchoTool()]
        let builder = Builder(
            cache: try DiskCache(path: "\(directory)/cache"), remotes: { _, _ in [] }, tools: tools, runner: EchoRunner(),
            fingerprint: "bench", shownFrom: directory)
        let place = try Discovery.episodes(at: directory, from: "/")[0]
        let report = await builder.start(place, BuildOptions()).report
        guard report.failures.isEmpty, report.actions.executed == count else {
            print("\(report.actions.executed) of \(count) executed: is the directory empty? \(report.failures)")
            exit(ExitStatus.failed.rawValue)
        }
        print(report.seconds)
    }

    private static func write(_ count: Int, to directory: String) throws {
        mkdir(directory, 0o755)
        mkdir("\(directory)/episode", 0o755)
        try write("{}\n", to: "\(directory)/epbuild.yaml")
        try write("title: Bench\nlanguage: en\npipeline: pipeline.yaml\n", to: "\(directory)/show.yaml")
        try write("title: Bench\n", to: "\(directory)/episode/episode.yaml")
        try write("stages:\n  texts: { source: script.txt }\n  echoes: { tool: echo, each: texts.lines }\n", to: "\(directory)/pipeline.yaml")
        let lines = (0..<count).map { "Line number \($0) of the script.\n" }.joined()
        try write(lines, to: "\(directory)/episode/script.txt")
    }

    private static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw Diagnostic(.system, "\(path) cannot be written") }
        fputs(text, file)
        fclose(file)
    }
}

/// Hands on the text of its item.
struct EchoTool: Tool {
    let name = ToolName("echo")
    let keys: [String] = []

    func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let text = stage.element?.value["text"]?.string ?? ""
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "echo", revision: "1"), inputs: [Step.Input("in.txt", text: text)], outputs: ["out.txt"])
        return [ArtifactRef(name: "out.txt", source: .output(step, path: "out.txt"))]
    }
}

struct EchoRunner: StepRunner {
    func run(_ job: Job) async throws -> JobResult {
        JobResult(outputs: ["out.txt": .bytes(try job.inputs.bytes("in.txt"))], servedBy: "echo")
    }

    func version(of program: Program) async throws -> ProgramVersion {
        throw Diagnostic(.unavailable, "no program is needed here")
    }
}
