import EpCache
public import EpCore
import EpFiles
public import EpImport

/// A script in another form, which lies in a file, as Fountain: what was found in it, and what of that is doubtful.
public struct ScriptImportAnswer: Sendable {
    public let script: ScriptImport

    /// A script of a thousand hours has less.
    private static let mostBytes = 64 << 20

    /// - Parameters:
    ///   - file: as a person names it.
    ///   - base: the directory that it is named from.
    /// - Throws: `Diagnostic` (usage) if there is no such file, or (bad input) if nobody can read it, or nobody speaks in it.
    public init(file: String, from base: String) throws(Diagnostic) {
        script = try ScriptImport(Self.read(file, Self.absolute(file, base)), named: file)
    }

    /// Writes the script as Fountain, in place of nothing.
    /// - Parameters:
    ///   - file: as a person names it.
    ///   - base: the directory that it is named from.
    /// - Throws: `Diagnostic` (usage) if something is there; that stays as it is.
    public func write(to file: String, from base: String) throws(Diagnostic) {
        guard try DiskCache.write(Array(script.fountain.utf8), to: Self.absolute(file, base), over: nil) else {
            throw Diagnostic(.usage, "\(file) is there already, and is left as it is", remedy: "name a new file, or move that one away")
        }
    }

    private static func absolute(_ file: String, _ base: String) -> String { file.hasPrefix("/") ? file : "\(base)/\(file)" }

    private static func read(_ file: String, _ path: String) throws(Diagnostic) -> [UInt8] {
        let status = FileStatus(path, followingLink: true)
        if let status, !status.isRegular {
            throw Diagnostic(.badInput, "\(file) is \(status.kind.described), not a file", remedy: "name a script")
        }
        if let status, status.size > mostBytes {
            throw Diagnostic(.badInput, "\(file) has more than \(mostBytes >> 20) MB", remedy: "name a script, or a part of it")
        }
        guard let bytes = (try? Files.read(path)) ?? nil else {
            throw Diagnostic(
                .usage, "there is no file \(file), or it cannot be read", remedy: "name a script: text, Markdown, .docx, .srt, .vtt or .fdx"
            )
        }
        return bytes
    }
}
