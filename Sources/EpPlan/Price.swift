public import EpCore

/// What a model costs, in US dollars: for a million of its unit.
public struct Price: Sendable, Hashable {
    public enum Unit: String, Sendable, CaseIterable {
        case tokens, characters, seconds, images
    }

    public let unit: Unit
    public var input: Double
    public var output: Double
    /// Of input that the provider had kept; nil: as any other.
    public var cached: Double?
    /// Of input that it keeps from now on; nil: as any other.
    public var cacheWrite: Double?
    /// A question of more tokens than this costs `factor` times as much, all of it.
    public var threshold: Int64?
    public var factor = 1.0

    public init(
        _ unit: Unit, _ input: Double, _ output: Double = 0, cached: Double? = nil, cacheWrite: Double? = nil,
        above threshold: Int64? = nil, times factor: Double = 1
    ) {
        (self.unit, self.input, self.output, self.cached, self.cacheWrite, self.threshold, self.factor) = (
            unit, input, output, cached, cacheWrite, threshold, factor
        )
    }

    public static let free = Price(.tokens, 0)

    /// What something has cost that the provider has counted.
    public func cost(of usage: Usage) -> Cost {
        let fresh = Double(max(0, usage.input - usage.cached - usage.cacheWrite))
        let sum =
            fresh * input + Double(usage.cached) * (cached ?? input) + Double(usage.cacheWrite) * (cacheWrite ?? input) + Double(
                usage.output) * output
        let isAbove = threshold.map { usage.input > $0 } ?? false
        return Cost(usd: sum * (isAbove ? factor : 1) / 1_000_000)
    }
}

/// How much of a provider was used, in the unit of its price.
public struct Usage: Sendable, Hashable {
    /// All of the question, cached or not.
    public var input: Int64
    public var output: Int64
    public var cached: Int64
    public var cacheWrite: Int64
    /// Of the output, what it has only thought.
    public var reasoning: Int64

    public init(input: Int64 = 0, output: Int64 = 0, cached: Int64 = 0, cacheWrite: Int64 = 0, reasoning: Int64 = 0) {
        (self.input, self.output, self.cached, self.cacheWrite, self.reasoning) = (input, output, cached, cacheWrite, reasoning)
    }

    /// As it stands with a result, by unit; what is zero is left out.
    public func counts(of unit: Price.Unit) -> [String: Int64] {
        let all = [
            ("input", input), ("output", output), ("cached", cached), ("cache_write", cacheWrite), ("reasoning", reasoning),
        ]
        return Dictionary(uniqueKeysWithValues: all.filter { $0.1 != 0 }.map { ("\($0.0)_\(unit.rawValue)", $0.1) })
    }
}

/// What a person has written down under `prices:`, for one model of one vendor, from a day on.
public struct PriceRow: Sendable, Hashable {
    public let vendor: String
    public let model: String
    public let price: Price
    /// A day of UTC, `2026-12-01`; "": always.
    public let validFrom: String

    public init(_ vendor: String, _ model: String, _ price: Price, validFrom: String = "") {
        (self.vendor, self.model, self.price, self.validFrom) = (vendor, model, price, validFrom)
    }

    /// Reads `prices: { VENDOR: { MODEL: free | { … } | [ … ] } }`.
    static func rows(_ node: Node) throws -> [PriceRow] {
        try members(of: node, "`prices`").flatMap { vendor in
            try members(of: vendor.value, "`prices` of \(vendor.key)").flatMap { model in
                let subject = "the price of \(vendor.key) \(model.key)"
                let nodes = if case .list(let nodes) = model.value.content { nodes } else { [model.value] }
                return try nodes.map { try PriceRow(vendor.key, model.key, $0, subject) }
            }
        }
    }

    private static func members(of node: Node, _ subject: String) throws(Diagnostic) -> [Node.Member] {
        if case .object(let members) = node.content { return members }
        throw Diagnostic(
            .badInput, "\(subject) must be a mapping, not \(node.kind)", at: node.location,
            remedy: "write `prices: { openai: { MODEL: { in: 1.25, out: 10 } } }`")
    }

    private init(_ vendor: String, _ model: String, _ node: Node, _ subject: String) throws {
        if node.value.string == "free" {
            self.init(vendor, model, .free)
            return
        }
        var fields = try Fields(node, subject: subject)
        let most = 1_000_000.0
        let unit = fields.string("unit") ?? Price.Unit.tokens.rawValue
        let known = Price.Unit.allCases.map(\.rawValue)
        if Price.Unit(rawValue: unit) == nil {
            fields.report(
                Diagnostic(
                    .badInput, "\(subject) is for \"\(unit)\"", at: node["unit"]?.location, remedy: Suggestion.remedy(for: unit, in: known))
            )
        }
        let input = fields.required("in", fields.number("in", in: 0...most, unit: "US dollars for a million")) ?? 0
        let output = fields.number("out", in: 0...most, unit: "US dollars for a million") ?? 0
        let cached = fields.number("cached", in: 0...most), cacheWrite = fields.number("cache_write", in: 0...most)
        let threshold = fields.int("threshold", in: 1...1_000_000_000).map(Int64.init)
        let factor = fields.number("factor", in: 1...1000) ?? 1
        let day = fields.string("valid_from") ?? ""
        if !day.isEmpty, day.wholeMatch(of: /[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/) == nil {
            fields.report(
                Diagnostic(
                    .badInput, "`valid_from` of \(subject) must be a day such as 2026-12-01, not \"\(day)\"",
                    at: node["valid_from"]?.location))
        }
        try fields.finish()
        let price = Price(
            Price.Unit(rawValue: unit) ?? .tokens, input, output, cached: cached, cacheWrite: cacheWrite, above: threshold, times: factor)
        self.init(vendor, model, price, validFrom: day)
    }
}
