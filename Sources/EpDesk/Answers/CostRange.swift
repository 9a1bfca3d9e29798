import EpCore
import EpEngine
import EpHistory
import EpPlan

/// Between which amounts actions of one kind are going to cost, together.
///
/// What is asked is counted before it is. Answers are as long as those of like actions were: after five of these, the true cost lies within
/// the range
/// in nine of ten cases. Before that, an answer may be as long as the provider is allowed to make it.
struct CostRange {
    /// From how many like actions on their answers tell anything.
    static let enough = 5

    private(set) var low = Cost.zero
    private(set) var high = Cost.zero

    /// - Parameters:
    ///   - calls: what each of the actions asks of a service; nil: nothing.
    ///   - record: of like actions; nil: there are none.
    init(_ calls: [ProviderCall?], like record: RecordedDuration?) {
        var answered: [ExpectedCost] = []
        for call in calls {
            guard let call, call.atMost != nil, let expected = call.expected else {
                add(call, record)
                continue
            }
            low += record?.wereCached == true ? expected.cachedQuestion : expected.question.lowerBound
            high += expected.question.upperBound
            if expected.answerPrice > 0 { answered.append(expected) }
        }
        guard !answered.isEmpty else { return }
        if let answers = record?.answers, answers.count >= Self.enough {
            let range = Self.sum(of: answered.count, like: answers)
            // Their prices differ only where their questions do, and then little.
            low += answered[0].cost(ofAnswer: range.lowerBound / Double(answered.count)).times(answered.count)
            high += answered[0].cost(ofAnswer: range.upperBound / Double(answered.count)).times(answered.count)
        } else {
            for expected in answered { high += expected.cost(ofAnswer: Double(expected.mostAnswer)) }
        }
    }

    /// One of which no price is known, or only the most; or none of a service, that has cost something all the same.
    private mutating func add(_ call: ProviderCall?, _ record: RecordedDuration?) {
        if let call, let most = call.atMost {
            high += most
        } else if let record {
            (low, high) = (low + record.costs.lowerBound, high + record.costs.upperBound)
        } else if call != nil {
            (low, high) = (low + .unknown, high + .unknown)
        }
    }

    /// Between which values the sum of so many more lies, in 95 of 100 cases if they vary as these do: the prediction interval of Student's
    /// distribution.
    static func sum(of count: Int, like values: [Double]) -> ClosedRange<Double> {
        let (sample, count) = (Double(values.count), Double(count))
        let mean = values.reduce(0, +) / sample
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (sample - 1)
        let margin = quantile(freedom: sample - 1) * (variance * (count + count * count / sample)).squareRoot()
        return max(0, count * mean - margin)...count * mean + margin
    }

    /// The 97.5th percentile of Student's distribution, by its expansion about the normal one: from 4 degrees of freedom on, right to a
    /// hundredth.
    private static func quantile(freedom: Double) -> Double {
        let z = 1.959964, square = z * z
        let first = z * (square + 1) / 4
        let second = z * ((5 * square + 16) * square + 3) / 96
        let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
        return z + first / freedom + second / (freedom * freedom) + third / (freedom * freedom * freedom)
    }
}

extension Cost {
    fileprivate func times(_ count: Int) -> Cost { (0..<count).reduce(.zero) { sum, _ in sum + self } }
}
