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

    public subscript(path: String) -> Digest? { outputs.first { $0.path == path }?.digest }

    /// The result with just these outputs; nil if it lacks one of them. What an action did not declare is nobody's: what others name
    /// besides is not even looked for.
    public func having(_ paths: [String]) -> ActionResult? {
        let wanted = Set(paths)
        var named: Set<String> = []
        let kept = outputs.filter { wanted.contains($0.path) && named.insert($0.path).inserted }
        guard named.count == wanted.count else { return nil }
        return kept.count == outputs.count ? self : ActionResult(outputs: kept, servedBy: servedBy, duration: duration, cost: cost, usage: usage)
    }
}

/// An amount of money, in millionths of a US dollar.
public struct Cost: Hashable, Sendable, Comparable, AdditiveArithmetic {
    public var microUSD: Int64

    public init(microUSD: Int64) { self.microUSD = microUSD }

    public static let zero = Cost(microUSD: 0)
    public var usd: Double { Double(microUSD) / 1_000_000 }
    public static func < (left: Cost, right: Cost) -> Bool { left.microUSD < right.microUSD }
    public static func + (left: Cost, right: Cost) -> Cost { Cost(microUSD: left.microUSD + right.microUSD) }
    public static func - (left: Cost, right: Cost) -> Cost { Cost(microUSD: left.microUSD - right.microUSD) }
}
