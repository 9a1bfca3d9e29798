import EpCache
import EpCore
import EpImport
import FoundationEssentials

/// `script --import`: reads a script in another form, writes it as Fountain, and tells what was doubtful.
struct ScriptImportRun {
    let file: String
    /// A file that must not be there yet; nil: standard output.
    let output: String?

    func run() throws {
        guard let bytes = try? Data(contentsOf: URL(filePath: file)) else {
            throw Diagnostic(.usage, "there is no file \(file), or it cannot be read", remedy: "name a script: text, Markdown, .docx, .srt, .vtt or .fdx")
        }
        let script = try ScriptImport(Array(bytes), named: file)
        try write(Array(script.fountain.utf8))
        script.doubts.forEach { Console.report($0) }
        let voices = script.speakers.count == 1 ? "1 speaker" : "\(script.speakers.count) speakers"
        let lines = script.lineCount == 1 ? "1 line" : "\(script.lineCount) lines"
        let doubts = script.doubts.isEmpty ? "nothing doubtful" : script.doubts.count == 1 ? "1 doubt" : "\(script.doubts.count) doubts"
        Console.say("\(lines) of \(voices), \(doubts)")
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let output else { return Console.answer(bytes: bytes) }
        guard try DiskCache.write(bytes, to: output, over: nil) else {
            throw Diagnostic(.usage, "\(output) is there already, and is left as it is", remedy: "name a new file, or move that one away")
        }
    }
}
