import EpCore
import EpImport
import EpScript
import Testing

/// What an import came to: who says what, and what is doubtful.
struct Imported {
    let script: Script
    let result: ScriptImport

    init(_ bytes: [UInt8], named name: String = "talk.txt") throws {
        result = try ScriptImport(bytes, named: name)
        script = try Script(parsing: Array(result.fountain.utf8), file: "script.fountain")
    }

    init(_ text: String, named name: String = "talk.txt") throws { try self.init(Array(text.utf8), named: name) }

    /// `SAM (softly): Hello`
    var lines: [String] { script.lines.map { "\($0.speaker)\($0.delivery.isEmpty ? "" : " (\($0.delivery))"): \($0.text)" } }
    var doubts: [String] { result.doubts.map { "\($0)" } }
    var cues: [String] { script.cues.map { "\($0.kind.rawValue) \($0.name) before \($0.beforeLine)" } }
    var chapters: [String] { script.chapters.map(\.title) }
    /// What `epbuild script` would warn of.
    var warnings: [String] { ScriptReport(script).warnings.map { "\($0)" } }
}

func complaint(_ bytes: [UInt8], named name: String = "talk.txt") -> String {
    do { _ = try ScriptImport(bytes, named: name) } catch { return "\(error)" }
    return "none"
}
