import EpCache
import EpCore
import EpFiles
import EpImport

/// `script --import`: reads a script in another form, writes it as Fountain, and tells what was doubtful.
struct ScriptImportRun {
    let file: String
    /// A file that must not be there yet; nil: standard output.
    let output: String?

    /// A script of a thousand hours has less.
    private static let mostBytes = 64 << 20

    func run() throws {
        let script = try ScriptImport(read(), named: file)
        try write(Array(script.fountain.utf8))
        script.doubts.forEach { Console.report($0) }
        let doubts = script.doubts.isEmpty ? "nothing doubtful" : counted(script.doubts.count, "doubt")
        Console.say("\(counted(script.lineCount, "line")) of \(counted(script.speakers.count, "speaker")), \(doubts)")
    }

    private func counted(_ count: Int, _ what: String) -> String { count == 1 ? "1 \(what)" : "\(count) \(what)s" }

    private func read() throws(Diagnostic) -> [UInt8] {
        let status = FileStatus(file, followingLink: true)
        if let status, !status.isRegular {
            throw Diagnostic(.badInput, "\(file) is \(status.kind.described), not a file", remedy: "name a script")
        }
        if let status, status.size > Self.mostBytes {
            throw Diagnostic(.badInput, "\(file) has more than \(Self.mostBytes >> 20) MB", remedy: "name a script, or a part of it")
        }
        guard let bytes = (try? Files.read(file)) ?? nil else {
            throw Diagnostic(
                .usage, "there is no file \(file), or it cannot be read", remedy: "name a script: text, Markdown, .docx, .srt, .vtt or .fdx"
            )
        }
        return bytes
    }

    private func write(_ bytes: [UInt8]) throws(Diagnostic) {
        guard let output, output != "-" else { return Console.answer(bytes: bytes) }
        guard try DiskCache.write(bytes, to: output, over: nil) else {
            throw Diagnostic(.usage, "\(output) is there already, and is left as it is", remedy: "name a new file, or move that one away")
        }
    }
}
