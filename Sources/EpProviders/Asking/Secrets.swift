public import EpCore
import EpFiles

/// The keys of providers: of the environment, else of a `.env` beside `epbuild.yaml`. They are read when they are needed.
public struct Secrets: Sendable {
    private let environment: @Sendable (String) -> String?

    /// - Parameter environment: the value of a variable; nil if it is not set.
    public init(environment: @escaping @Sendable (String) -> String?) { self.environment = environment }

    /// - Parameter directory: of the workspace; nil: there is none.
    /// - Returns: nil if nobody has set it.
    /// - Throws: `Diagnostic` if `.env` can be read by others, or not by us.
    public func value(of variable: String, in directory: String?) throws(Diagnostic) -> String? {
        if let value = environment(variable), !value.isEmpty { return value }
        guard let directory else { return nil }
        let path = "\(directory)/.env"
        guard let bytes = try Files.read(path) else { return nil }
        guard !Files.isOpenToOthers(path) else {
            throw Diagnostic(
                .keyRejected, "\(path) can be read by others, so no key is read from it", at: SourceLocation(file: path),
                remedy: "chmod 600 \(path)")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return Self.variables(text)[variable]
    }

    /// Lines of `NAME=value`, perhaps with `export` before and quotes around; others are passed over.
    static func variables(_ text: String) -> [String: String] {
        var variables: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let parts = line.wholeMatch(of: /\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*/) else { continue }
            let value = parts.output.2
            if let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote {
                variables[String(parts.output.1)] = String(value.dropFirst().dropLast())
            } else {
                variables[String(parts.output.1)] = String(value.prefix(upTo: value.firstRange(of: /\s+#/)?.lowerBound ?? value.endIndex))
            }
        }
        return variables
    }
}
