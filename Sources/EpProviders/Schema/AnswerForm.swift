import EpCore
import EpPlan

/// In which form an answer is wanted, and how it is kept.
public struct AnswerForm: Sendable, Hashable {
    public let schema: JSONSchema
    /// Kept as YAML, else as JSON.
    public let isYAML: Bool

    public init(_ schema: JSONSchema, isYAML: Bool) { (self.schema, self.isYAML) = (schema, isYAML) }

    /// The form of a step that was planned.
    /// - Returns: nil if the bytes are no schema.
    public init?(json bytes: [UInt8], isYAML: Bool) {
        guard let value = Value(json: bytes) else { return nil }
        self.init(JSONSchema(checked: value), isYAML: isYAML)
    }

    /// What a program has answered, as it is kept.
    /// - Returns: nil if it is kept as it is.
    /// - Throws: `StepFailure` (a bad answer) with what is wrong.
    public static func kept(ofProgram bytes: [UInt8], _ form: AnswerForm?) throws -> [UInt8]? {
        do throws(ProviderFailure) {
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains(where: { !$0.isWhitespace }) else { throw ProviderFailure(.badAnswer, "its answer is empty") }
            guard let form else { return nil }
            return Array(try form.kept(text).utf8)
        } catch {
            throw StepFailure(error.diagnostic(of: "the program"))
        }
    }

    /// An answer as it is kept: models like to put a fence around JSON, and offline ones answer in YAML.
    /// - Throws: `ProviderFailure` (a bad answer) with what does not fit.
    func kept(_ answer: String) throws(ProviderFailure) -> String {
        guard let value = Self.value(of: Self.withoutFence(answer)) else { throw ProviderFailure(.badAnswer, "its answer is no JSON") }
        let reasons = schema.reasons(against: value)
        guard reasons.isEmpty else {
            var failure = ProviderFailure(.badAnswer, "its answer is not of the form that is asked for: \(reasons.joined(separator: "; "))")
            failure.reasons = reasons
            throw failure
        }
        return (isYAML ? value.yaml() : value.json(indented: true)) + "\n"
    }

    /// In the order in which it is written.
    private static func value(of text: String) -> Value? {
        let bytes = Array(text.utf8)
        guard let node = try? Node(parsing: bytes, file: "answer") else { return Value(json: bytes) }
        if case .scalar = node.content { return Value(json: bytes) }
        return node.value
    }

    private static func withoutFence(_ answer: String) -> String {
        let text = answer.trimmed
        guard let parts = text.wholeMatch(of: /(?s)```[A-Za-z]*[ \t]*\n(.*)\n```/) else { return text }
        return String(parts.output.1)
    }
}
