public import EpCore

/// What a question to a service will cost, as far as that is known before it is asked: its own part, and the price of an answer that nobody
/// has seen.
public struct ExpectedCost: Sendable, Hashable {
    /// Of what is asked: one value where it can be counted exactly.
    public let question: ClosedRange<Cost>
    /// The same if the provider had it in its own cache.
    public let cachedQuestion: Cost
    /// Of an answer, in US dollars for a million of its unit; 0: there is nothing more to pay.
    public let answerPrice: Double
    /// The most units that an answer may have.
    public let mostAnswer: Int64

    /// Of tokens that are counted without the model's vocabulary, by how much they may be off.
    public static let tolerance = 0.15

    private init(question: ClosedRange<Cost>, cachedQuestion: Cost, answerPrice: Double, mostAnswer: Int64) {
        (self.question, self.cachedQuestion, self.answerPrice, self.mostAnswer) = (question, cachedQuestion, answerPrice, mostAnswer)
    }

    /// - Parameters:
    ///   - amount: of what is asked, in the price's unit.
    ///   - isExact: true for characters and seconds; tokens are counted roughly.
    public init(_ price: Price, asking amount: Int64, isExact: Bool, mostAnswer: Int64) {
        func scaled(_ factor: Double) -> Int64 { Int64((Double(amount) * factor).rounded()) }
        let range = isExact ? amount...amount : scaled(1 - Self.tolerance)...scaled(1 + Self.tolerance)
        let least = Usage(input: range.lowerBound, cached: range.lowerBound)
        let isAbove = price.threshold.map { range.upperBound > $0 } ?? false
        self.init(
            question: price.cost(of: Usage(input: range.lowerBound))...price.cost(of: Usage(input: range.upperBound)),
            cachedQuestion: price.cost(of: least),
            answerPrice: price.output * (isAbove ? price.factor : 1), mostAnswer: mostAnswer)
    }

    /// What an answer of so many units costs.
    public func cost(ofAnswer units: Double) -> Cost { Cost(usd: max(0, min(units, Double(mostAnswer))) * answerPrice / 1_000_000) }

    public static func + (one: ExpectedCost, other: ExpectedCost) -> ExpectedCost {
        let dearer = one.answerPrice >= other.answerPrice ? one : other
        return ExpectedCost(
            question: one.question.lowerBound + other.question.lowerBound...one.question.upperBound + other.question.upperBound,
            cachedQuestion: one.cachedQuestion + other.cachedQuestion, answerPrice: dearer.answerPrice,
            mostAnswer: one.mostAnswer + other.mostAnswer)
    }
}
