import EpCore
import Testing

/// What is not known is never counted as nothing.
@Suite struct CostTests {
    private let known = Cost(microUSD: 120_000)

    @Test func whatIsKnownAndWhatIsNotAddUpSideBySide() {
        let sum = known + .unknown + .unknown + Cost(microUSD: 1) + .unknown
        #expect(sum == Cost(microUSD: 120_001, unpricedCalls: 3) && !sum.isKnown && sum.known == Cost(microUSD: 120_001))
        #expect(sum - .unknown - Cost(microUSD: 120_001, unpricedCalls: 2) == .zero)
        #expect(Cost.unknown != .zero && Cost.unknown > .zero && Cost.unknown < Cost(microUSD: 1))
        #expect(Cost(microUSD: .max, unpricedCalls: .max) + sum == Cost(microUSD: .max, unpricedCalls: .max))
    }

    @Test func itIsSaidForPeople() {
        #expect(Cost.unknown.text == "unknown" && known.text == "$0.1200")
        #expect((known + .unknown).text == "$0.1200 and 1 call of unknown price")
        #expect(Cost(microUSD: 120_000, unpricedCalls: 3).text == "$0.1200 and 3 calls of unknown price")
        #expect(Cost(microUSD: 0, unpricedCalls: 3).text == "3 calls of unknown price")
    }

    @Test func inJSONItIsNull() {
        #expect(Value.object(known.members("cost")).json() == "{\"costUSD\":0.12}")
        #expect(
            Value.object((known + .unknown).members("saved")).json()
                == "{\"savedUSD\":null,\"savedKnownUSD\":0.12,\"savedUnpricedCalls\":1}")
        #expect(Cost.unknown.value == .null && Cost.zero.value == .double(0))
    }

    /// A budget is kept for what is known of prices; what is not known is refused before it is asked for.
    @Test func whatIsLeftOfABudgetIsWhatIsKnown() {
        #expect(Cost(microUSD: 500_000).left(after: known + .unknown) == Cost(microUSD: 380_000))
        #expect(known.left(after: Cost(microUSD: 200_000)) == .zero)
    }
}
