import EpComposition
import EpCore
import EpDesk
import EpImport

/// `script --import`: reads a script in another form, writes it as Fountain, and tells what was doubtful.
struct ScriptImportRun {
    let file: String
    /// A file that must not be there yet; nil: standard output.
    let output: String?

    func run() throws {
        let base = Setting().directory
        let answer = try ScriptImportAnswer(file: file, from: base)
        if let output, output != "-" {
            try answer.write(to: output, from: base)
        } else {
            Console.answer(bytes: Array(answer.script.fountain.utf8))
        }
        let script = answer.script
        script.doubts.forEach { Console.report($0) }
        let doubts = script.doubts.isEmpty ? "nothing doubtful" : counted(script.doubts.count, "doubt")
        Console.say("\(counted(script.lineCount, "line")) of \(counted(script.speakers.count, "speaker")), \(doubts)")
    }

    private func counted(_ count: Int, _ what: String) -> String { count == 1 ? "1 \(what)" : "\(count) \(what)s" }
}
