public import EpCore
import EpPlan

/// What a language model is asked.
public struct ModelQuestion: Sendable {
    public let prompt: String
    /// Which rendition is asked for, from 1.
    public let take: Int
    /// As `LanguageModelVendor.settings` has made them; nil: none.
    public let settings: Value?
    /// The form of the answer; nil: any text.
    public let form: AnswerForm?
    /// What was wrong with the last answer; empty: it is asked for the first time.
    var reasons: [String] = []

    public init(_ prompt: String, take: Int = 1, settings: Value? = nil, form: AnswerForm? = nil) {
        (self.prompt, self.take, self.settings, self.form) = (prompt, take, settings, form)
    }

    var model: String { settings?["model"]?.letters ?? "" }
    var schema: Value? { form?.schema.value }

    /// A seed that a person has written: each take has the next one, as the same would give the same.
    var seed: Int64? { settings?["seed"]?.count.map { $0 + Int64(take - 1) } }

    /// The prompt, and what was wrong with the last answer.
    var words: String {
        guard !reasons.isEmpty else { return prompt }
        return prompt
            + "\n\nAn earlier answer was not of the form that is asked for: \(reasons.joined(separator: "; ")). Answer again, with the "
            + "JSON alone.\n"
    }

    /// The most tokens that its words can be: none is shorter than a byte.
    var mostTokens: Int64 { 64 + bytes }

    /// About as many as they are.
    var tokens: Int64 { 16 + texts.reduce(0) { $0 + TokenCount.of($1) } }

    /// What answering it has used, counted here.
    func usage(answering text: String) -> Usage { Usage(input: tokens, output: 1 + TokenCount.of(text)) }

    private var bytes: Int64 { texts.reduce(0) { $0 + Int64($1.utf8.count) } }
    private var texts: [String] { [words, settings?["system"]?.string ?? "", schema?.json() ?? ""] }
}
