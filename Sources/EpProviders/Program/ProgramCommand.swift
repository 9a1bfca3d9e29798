import EpCore
import EpPlan

/// `run:` and `version:` of a provider that is a program: any program serves so, by configuration alone.
struct ProgramCommand: Sendable {
    let program: Program
    private let words: [String]

    /// The names that may stand between braces in `run`.
    static let voiceNames = ["voice", "rate", "speed", "pitch", "model"]
    static let modelNames = ["model"]

    /// - Parameter configuration: one that has been checked.
    init(_ configuration: ProviderConfiguration?) {
        let settings = configuration?.settings
        words = settings?["run"]?.list?.compactMap(\.letters) ?? []
        let version = settings?["version"]?.list?.compactMap(\.letters) ?? []
        let name = words.first ?? ""
        program = Program(name, versionArguments: version.isEmpty ? ["--version"] : Array(version.dropFirst()), package: "")
    }

    /// Reads both keys.
    /// - Parameter names: that may stand between braces.
    static func check(_ fields: inout Fields, names: [String]) {
        let run = fields.located("run")
        _ = fields.required("run", run)
        for (word, location) in run ?? [] {
            for match in word.matches(of: /\{([a-z_]+)\}/) where !names.contains(String(match.output.1)) {
                fields.report(
                    Diagnostic(
                        .badInput, "`run` of \(fields.subject) has {\(match.output.1)}, which is nothing", at: location,
                        remedy: Suggestion.remedy(for: String(match.output.1), in: names)))
            }
        }
        guard let version = fields.located("version"), let first = version.first, let name = run?.first?.text, first.text != name else {
            return
        }
        fields.report(
            Diagnostic(
                .badInput, "`version` of \(fields.subject) asks \(first.text), and `run` runs \(name)", at: first.location,
                remedy: "write `version: [\(name), …]`: what prints a line with its version"))
    }

    /// The command, with values in the place of names.
    func filled(_ values: [String: String]) -> [String] {
        words.map { word in word.replacing(/\{([a-z_]+)\}/) { values[String($0.output.1)] ?? String($0.output.0) } }
    }
}
