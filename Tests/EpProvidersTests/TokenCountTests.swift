import EpCore
import EpPlan
import Testing

@testable import EpProviders

/// Tokens that are counted without a vocabulary.
@Suite struct TokenCountTests {
    /// Against what SmolLM2's vocabulary makes of them.
    @Test(
        arguments: [
            (TextSample.german, 342), (TextSample.french, 150), (TextSample.json, 156), (TextSample.schema, 147), (TextSample.russian, 158),
        ] as [(String, Int64)])
    func itIsWithinFifteenPercent(_ text: String, _ tokens: Int64) {
        let counted = TokenCount.of(text)
        #expect(abs(Double(counted) / Double(tokens) - 1) <= ExpectedCost.tolerance, "\(counted), not \(tokens): \(text.prefix(40))")
    }

    @Test(
        arguments: [("", 0), (" \t ", 0), ("a", 1), ("hello", 1), ("2026", 5), ("\n\n", 2), ("(())", 2), ("蜜蜂", 4), ("getUserName", 3)]
            as [(String, Int64)])
    func smallThings(_ text: String, _ tokens: Int64) { #expect(TokenCount.of(text) == tokens) }

    /// What is asked is a prompt, a system's words and a schema.
    @Test func allOfAQuestionIsCounted() {
        let bare = ModelQuestion(TextSample.german).tokens
        let more = ModelQuestion(TextSample.german, settings: ["system": .string(TextSample.french)]).tokens
        #expect(more - bare == TokenCount.of(TextSample.french) && bare == 16 + TokenCount.of(TextSample.german))
        #expect(ModelQuestion(TextSample.german).mostTokens > bare)
    }
}
