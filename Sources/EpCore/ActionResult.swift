/// What an action left behind: its outputs, and what making them took.
public struct ActionResult: Sendable, Hashable {
    public struct Output: Sendable, Hashable {
        /// Relative path, as the action declared it.
        public let path: String
        public let digest: Digest
        public let isExecutable: Bool

        public init(path: String, digest: Digest, isExecutable: Bool = false) {
            self.path = path
            self.digest = digest
            self.isExecutable = isExecutable
        }

        public static func == (left: Output, right: Output) -> Bool {
            left.path.isByteForByte(right.path) && left.digest == right.digest && left.isExecutable == right.isExecutable
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(Path(path))
            hasher.combine(digest)
            hasher.combine(isExecutable)
        }
    }

    /// Sorted by path.
    public let outputs: [Output]
    /// Who really served the action: a provider's name, or a program with its version.
    public let servedBy: String
    /// Wall time of the execution.
    public let duration: Duration
    public let cost: Cost
    /// Counted or reported by the provider, by unit: `input_tokens`, `characters`, `seconds`.
    public let usage: [String: Int64]

    public init(
        outputs: [Output], servedBy: String, duration: Duration = .zero, cost: Cost = .zero, usage: [String: Int64] = [:]
    ) {
        self.outputs = outputs.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.servedBy = servedBy
        self.duration = duration
        self.cost = cost
        self.usage = usage
    }

    public subscript(path: String) -> Digest? { output(path)?.digest }

    public func output(_ path: String) -> Output? { outputs.first { $0.path.isByteForByte(path) } }

    /// The result with just these outputs; nil if it lacks one of them. What an action did not declare is nobody's: what others name
    /// besides is not even looked for.
    public func having(_ paths: [String]) -> ActionResult? {
        let wanted = Set(paths.map { Path($0) })
        var named: Set<Path> = []
        let kept = outputs.filter { wanted.contains(Path($0.path)) && named.insert(Path($0.path)).inserted }
        guard named.count == wanted.count else { return nil }
        return kept.count == outputs.count ? self : ActionResult(outputs: kept, servedBy: servedBy, duration: duration, cost: cost, usage: usage)
    }
}

/// An amount of money, in millionths of a US dollar.
public struct Cost: Hashable, Sendable, Comparable, AdditiveArithmetic {
    public var microUSD: Int64

    public init(microUSD: Int64) { self.microUSD = microUSD }

    /// To the nearest millionth; as much as can be told.
    public init(usd: Double) { microUSD = Int64(exactly: (usd * 1_000_000).rounded()) ?? (usd < 0 ? .min : .max) }

    public static let zero = Cost(microUSD: 0)
    /// What of a budget is left after something was spent: nothing, if that was more.
    public func left(after spent: Cost) -> Cost { max(.zero, self - spent) }

    /// Dollars, to four places, for a person: `$0.0125`.
    public var text: String {
        let digits = String((microUSD.magnitude + 50) / 100)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return "\(microUSD < 0 ? "-" : "")$\(padded.dropLast(4)).\(padded.suffix(4))"
    }
    public var usd: Double { Double(microUSD) / 1_000_000 }
    public static func < (left: Cost, right: Cost) -> Bool { left.microUSD < right.microUSD }
    public static func + (left: Cost, right: Cost) -> Cost { saturated(left.microUSD.addingReportingOverflow(right.microUSD), isNegative: left.microUSD < 0) }
    public static func - (left: Cost, right: Cost) -> Cost { saturated(left.microUSD.subtractingReportingOverflow(right.microUSD), isNegative: left.microUSD < 0) }

    /// A damaged record may name any number: it must not end the program.
    private static func saturated(_ sum: (partialValue: Int64, overflow: Bool), isNegative: Bool) -> Cost {
        Cost(microUSD: sum.overflow ? (isNegative ? .min : .max) : sum.partialValue)
    }
}
