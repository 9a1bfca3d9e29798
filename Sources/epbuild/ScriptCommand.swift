import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpScript

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
        let answer = try ScriptAnswer(file: file, from: Setting().directory)
        answer.troubles.forEach { Console.report($0) }
        // A file, mostly: whatever characters its author wrote stay what they are.
        if format { return Console.answer(bytes: Array("\(answer.script.fountain.drop { $0 == "\u{FEFF}" }.trimmingLineEnd)\n".utf8)) }
        if json { return Console.answer(answer.value.json()) }
        Console.answer(answer.report.text(includingWarnings: false))
        answer.report.findings.forEach { Console.report($0) }
    }
}

extension Substring {
    /// Without one line end at its end: the console adds it.
    fileprivate var trimmingLineEnd: Substring { last == "\n" ? dropLast() : self }
}
