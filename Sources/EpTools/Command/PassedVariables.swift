import EpCore
import EpPlan

/// `pass_env:` of a command: variables of the environment that the program is given as they are. Their values are a part of its address.
struct PassedVariables {
    let names: [String]

    /// Reports what is wrong.
    /// - Parameter declared: the names in `env:`.
    init(_ fields: inout Fields, beside declared: [String]) throws {
        var names: [String] = []
        for (name, location) in fields.located("pass_env") ?? [] {
            if let problem = Self.problem(of: name, at: location, declared, names) { fields.report(problem) }
            names.append(name)
        }
        self.names = names
    }

    private static func problem(of name: String, at location: SourceLocation, _ declared: [String], _ earlier: [String]) -> Diagnostic? {
        guard !name.isEmpty, !name.contains("="), !name.utf8.contains(0) else {
            return Diagnostic(
                .badInput, "\"\(name)\" cannot be the name of a variable", at: location,
                remedy: "write names alone: `pass_env: [LANG]`; values stand in `env`")
        }
        if declared.contains(name) {
            return Diagnostic(.badInput, "`\(name)` stands in `env`, too", at: location, remedy: "take one of them out")
        }
        if earlier.contains(name) { return Diagnostic(.badInput, "`\(name)` is named twice", at: location, remedy: "take one of them out") }
        if isSecret(name) {
            return Diagnostic(
                .badInput,
                "`\(name)` looks like a key: as a part of the address, each new one would make everything anew, and others could not use "
                    + "what is shared",
                at: location,
                remedy: "ask the service by a provider with `api_key_env`; a variable that is no secret can be passed under another name")
        }
        return nil
    }

    /// Words in the names of variables that hold what nobody is to know.
    private static let secretWords: Set<String> = [
        "KEY", "APIKEY", "TOKEN", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "CREDENTIAL", "CREDENTIALS",
        "AUTHORIZATION",
    ]

    static func isSecret(_ name: String) -> Bool {
        name.uppercased().split { $0 == "_" || $0 == "-" }.contains { secretWords.contains(String($0)) }
    }
}
