/// What something has cost: money, and calls of which nobody knows the price.
///
/// They add up side by side, so that what is not known is never counted as nothing.
public struct Cost: Hashable, Sendable, Comparable, AdditiveArithmetic {
    /// What is known of it, in millionths of a US dollar.
    public var microUSD: Int64
    /// Calls of services that have cost something beside that.
    public var unpricedCalls: Int64

    public init(microUSD: Int64) { self.init(microUSD: microUSD, unpricedCalls: 0) }
    public init(microUSD: Int64, unpricedCalls: Int64) { (self.microUSD, self.unpricedCalls) = (microUSD, unpricedCalls) }

    /// To the nearest millionth; as much as can be told.
    public init(usd: Double) { self.init(microUSD: Int64(exactly: (usd * 1_000_000).rounded()) ?? (usd < 0 ? .min : .max)) }

    public static let zero = Cost(microUSD: 0)
    /// One call of a service whose price nobody has written down.
    public static let unknown = Cost(microUSD: 0, unpricedCalls: 1)

    public var isKnown: Bool { unpricedCalls == 0 }
    /// The part of it of which the price is known.
    public var known: Cost { Cost(microUSD: microUSD) }
    /// What is known of it, in US dollars.
    public var usd: Double { Double(microUSD) / 1_000_000 }

    /// What of a budget is left after something was spent: nothing, if that was more.
    public func left(after spent: Cost) -> Cost { max(.zero, known - spent.known) }

    /// Dollars, to four places, for a person: `$0.0125`; `unknown`; `$0.0125 and 3 calls of unknown price`.
    public var text: String {
        switch unpricedCalls {
        case 0: dollars
        case 1 where microUSD == 0: "unknown"
        default: (microUSD == 0 ? "" : "\(dollars) and ") + "\(unpricedCalls) call\(unpricedCalls == 1 ? "" : "s") of unknown price"
        }
    }

    private var dollars: String {
        let digits = String((microUSD.magnitude + 50) / 100)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return "\(microUSD < 0 ? "-" : "")$\(padded.dropLast(4)).\(padded.suffix(4))"
    }

    /// By what is known; of two that are equal so, the one with more calls of unknown price is more.
    public static func < (left: Cost, right: Cost) -> Bool { (left.microUSD, left.unpricedCalls) < (right.microUSD, right.unpricedCalls) }
    public static func + (left: Cost, right: Cost) -> Cost { left.combined(with: right) { $0.addingReportingOverflow($1) } }
    public static func - (left: Cost, right: Cost) -> Cost { left.combined(with: right) { $0.subtractingReportingOverflow($1) } }

    /// A damaged record may name any number: it must not end the program.
    private func combined(with other: Cost, _ combine: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)) -> Cost {
        func saturated(_ left: Int64, _ right: Int64) -> Int64 {
            let sum = combine(left, right)
            return sum.overflow ? (left < 0 ? .min : .max) : sum.partialValue
        }
        return Cost(microUSD: saturated(microUSD, other.microUSD), unpricedCalls: saturated(unpricedCalls, other.unpricedCalls))
    }
}

extension Cost {
    /// In US dollars; null if any of it is unknown.
    public var value: Value { isKnown ? .double(usd) : .null }

    /// `costUSD` of a name such as `cost`; where that is null, beside it what is known of it and how many calls have no price.
    public func members(_ name: String) -> [Value.Member] {
        let sum = Value.Member("\(name)USD", value)
        return isKnown ? [sum] : [sum, .init("\(name)KnownUSD", .double(usd)), .init("\(name)UnpricedCalls", .int(unpricedCalls))]
    }
}
