import EpCore
import EpPlan
import Glibc
import Testing

@testable import EpDesk
@testable import EpHistory

/// What a plan is going to cost, told before.
@Suite struct CostRangeTests {
    private static let price = Price(.tokens, 1, 10)

    private static func call(_ tokens: Int64, most: Int64 = 8192, _ price: Price = price, isExact: Bool = false) -> ProviderCall {
        ProviderCall(
            atMost: price.cost(of: Usage(input: tokens * 4, output: most)),
            expected: ExpectedCost(price, asking: tokens, isExact: isExact, mostAnswer: most))
    }

    private static func record(_ answers: [Double], cached: Int64 = 0) -> RecordedDuration {
        RecordedDuration(
            answers.map {
                .init(seconds: 1, cost: price.cost(of: Usage(input: 1000, output: Int64($0))), answer: $0, wasCached: cached > 0)
            })
    }

    /// Until five like actions have been answered, an answer may be as long as it is allowed to be.
    @Test(arguments: [0, 1, 4]) func withoutLikeActionsItIsTheMost(_ count: Int) {
        let range = CostRange([Self.call(1000)], like: count == 0 ? nil : Self.record([Double](repeating: 500, count: count)))
        #expect(range.low == Cost(microUSD: 850) && range.high == Cost(microUSD: 1150 + 81_920))
    }

    @Test func likeActionsTellHowLongAnswersAre() {
        let range = CostRange([Self.call(1000)], like: Self.record([480, 500, 520, 490, 510]))
        #expect(range.low > Cost(microUSD: 850 + 4000) && range.high < Cost(microUSD: 1150 + 6000) && range.low < range.high, "\(range)")
        let same = CostRange([Self.call(1000)], like: Self.record([500, 500, 500, 500, 500]))
        #expect(same.low == Cost(microUSD: 850 + 5000) && same.high == Cost(microUSD: 1150 + 5000))
        let short = CostRange([Self.call(1000, most: 100)], like: Self.record([500, 500, 500, 500, 500]))
        #expect(short.high == Cost(microUSD: 1150 + 1000), "no answer is longer than it may be")
        let cached = CostRange(
            [Self.call(1000, Price(.tokens, 1, 10, cached: 0.1))], like: Self.record([500, 500, 500, 500, 500], cached: 900))
        #expect(cached.low == Cost(microUSD: 85 + 5000))
    }

    /// Characters and seconds are counted, not guessed.
    @Test func whatIsCountedIsExact() {
        let range = CostRange(
            [Self.call(137, most: 0, Price(.characters, 80), isExact: true), Self.call(60, most: 0, Price(.seconds, 100), isExact: true)],
            like: nil)
        #expect(range.low == Cost(microUSD: 137 * 80 + 6000) && range.high == range.low)
    }

    @Test func whatHasNoPriceIsUnknown() {
        let range = CostRange([ProviderCall(atMost: nil), nil, ProviderCall(atMost: .zero)], like: nil)
        #expect(!range.low.isKnown && range.high == Cost(microUSD: 0, unpricedCalls: 1))
        // Of how long a sound is going to be, only the most is known.
        let sound = CostRange([ProviderCall(atMost: Cost(microUSD: 70))], like: nil)
        #expect(sound.low == .zero && sound.high == Cost(microUSD: 70))
    }

    /// After five like actions, the range holds what it really costs in nine of ten cases, however answers vary.
    @Test func afterFiveTheRangeHoldsInNineOfTen() {
        let seed = UInt64.random(in: 0...1_000_000)
        var random = Chance(seed)
        var total = (held: 0, of: 0)
        for shape in Shape.allCases {
            var held = 0, rounds = 0
            for count in [1, 3, 10, 30] {
                for _ in 0..<500 {
                    let past = (0..<5).map { _ in shape.answer(&random) }
                    let question = Int64.random(in: 50...2000, using: &random)
                    // Tokens are counted within 15 %, and the provider counts them itself.
                    let counted = Int64((Double(question) * Double.random(in: 0.88...1.12, using: &random)).rounded())
                    let range = CostRange((0..<count).map { _ in Self.call(counted, most: 1_000_000) }, like: Self.record(past))
                    let truth = (0..<count).reduce(Cost.zero) { sum, _ in
                        sum + Self.price.cost(of: Usage(input: question, output: Int64(shape.answer(&random))))
                    }
                    held += (range.low...range.high).contains(truth) ? 1 : 0
                    rounds += 1
                }
            }
            total = (total.held + held, total.of + rounds)
            #expect(Double(held) / Double(rounds) > 0.88, "\(shape): \(held) of \(rounds), seed \(seed)")
        }
        #expect(Double(total.held) / Double(total.of) >= 0.9, "\(total), seed \(seed)")
    }

    /// How the lengths of answers vary.
    private enum Shape: CaseIterable {
        case even, bell, skewed, eitherOr, same

        func answer(_ random: inout Chance) -> Double {
            switch self {
            case .even: Double.random(in: 100...900, using: &random).rounded()
            case .bell: max(1, 500 + 100 * random.normal()).rounded()
            case .skewed: exp(6 + 0.5 * random.normal()).rounded()
            case .eitherOr: Bool.random(using: &random) ? 60 : 800
            case .same: 400
            }
        }
    }
}

private struct Chance: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }

    mutating func normal() -> Double {
        let (radius, angle) = (Double.random(in: 1e-12..<1, using: &self), Double.random(in: 0..<1, using: &self))
        return (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle)
    }
}
