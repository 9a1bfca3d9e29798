public import EpCore
import EpEngine
import EpFiles
import EpPlan
public import EpScript
import FoundationEssentials

/// What is understood of a script that lies in a file, and of the show around it.
public struct ScriptAnswer: Sendable {
    public let script: Script
    public let report: ScriptReport
    /// What is wrong with the show: one that cannot be read keeps nobody from reading a script.
    public let troubles: [Diagnostic]

    /// - Parameters:
    ///   - file: as a person names it.
    ///   - base: the directory that it is named from.
    /// - Throws: `Diagnostic` (usage) if there is no such file.
    public init(file: String, from base: String) throws {
        let path = file.hasPrefix("/") ? file : "\(base)/\(file)"
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else {
            let isDirectory = FileStatus(path, followingLink: true)?.isDirectory == true
            throw Diagnostic(
                .usage, isDirectory ? "\(file) is a directory, not a file" : "there is no file \(file), or it cannot be read",
                remedy: "name a .fountain file")
        }
        script = try Script(parsing: Array(bytes), file: file)
        let (cast, troubles) = Self.cast(around: file, from: base)
        report = ScriptReport(script, show: cast)
        self.troubles = troubles
    }

    private static func cast(around file: String, from base: String) -> (ShowCast, [Diagnostic]) {
        do {
            return (try Discovery.blueprint(around: file, from: base).map(ShowCast.init(blueprint:)) ?? .unknown, [])
        } catch {
            let warnings = [Diagnostic](describing: error).map { problem in
                var warning = problem
                warning.severity = .warning
                return warning
            }
            return (.unknown, warnings)
        }
    }

    /// As `script --json` gives it.
    public var value: Value { .object((script.value.members ?? []) + [.init("report", report.value)]) }
}
