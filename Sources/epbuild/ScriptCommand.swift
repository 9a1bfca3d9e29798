import ArgumentParser
import EpComposition
import EpCore
import EpEngine
import EpPlan
import EpScript
import FoundationEssentials

struct ScriptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script", abstract: "Tells what epbuild understood of a Fountain file: cast, chapters, length, warnings.",
        usage: "epbuild script FILE [--json | --format | --import [--output FILE]]")

    @Argument(
        help: "A .fountain file; with --import, a script in another form.",
        completion: .file(extensions: ["fountain", "txt", "md", "docx", "srt", "vtt", "fdx"]))
    var file: String

    @Flag(help: "Print every element with its kind, text and span, the cast and the warnings as JSON.")
    var json = false

    @Flag(help: "Write the script anew, as epbuild would.")
    var format = false

    @Flag(
        name: .customLong("import"),
        help: "Write Fountain from another form: NAME: text, Markdown, Word (.docx), captions (.srt, .vtt), Final Draft (.fdx).")
    var isImport = false

    @Option(name: .shortAndLong, help: "With --import: a new file to write, instead of standard output.", completion: .file())
    var output: String?

    func validate() throws {
        if output != nil, !isImport { throw ValidationError("--output goes with --import") }
        if isImport, json || format { throw ValidationError("--import goes with neither --json nor --format") }
    }

    func run() async throws {
        if isImport { return try ScriptImportRun(file: file, output: output).run() }
        guard let bytes = try? Data(contentsOf: URL(filePath: file)) else {
            throw Diagnostic(.usage, "there is no file \(file), or it cannot be read", remedy: "name a .fountain file")
        }
        let script = try Script(parsing: Array(bytes), file: file)
        let report = ScriptReport(script, show: show)
        // A file, mostly: whatever characters its author wrote stay what they are.
        if format { return Console.answer(bytes: Array("\(script.fountain.drop { $0 == "\u{FEFF}" }.trimmingLineEnd)\n".utf8)) }
        if json {
            let members = (script.value.members ?? []) + [Value.Member("report", report.value)]
            return Console.answer(Value.object(members).json())
        }
        Console.answer(report.text(includingWarnings: false))
        report.findings.forEach { Console.report($0) }
    }

    /// Whom the show around the file knows. One that cannot be read keeps nobody from reading a script.
    private var show: ShowCast {
        do {
            return try Discovery.blueprint(around: file, from: Setting().directory).map(ShowCast.init(blueprint:)) ?? .unknown
        } catch {
            for var problem in [Diagnostic](describing: error) {
                problem.severity = .warning
                Console.report(problem)
            }
            return .unknown
        }
    }
}

extension Substring {
    /// Without one line end at its end: the console adds it.
    fileprivate var trimmingLineEnd: Substring { last == "\n" ? dropLast() : self }
}
