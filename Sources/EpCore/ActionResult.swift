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
        self.outputs = outputs.sorted { $0.path.precedesByteForByte($1.path) }
        self.servedBy = servedBy
        self.duration = duration
        self.cost = cost
        self.usage = usage
    }

    public subscript(path: String) -> Digest? { output(path)?.digest }

    public func output(_ path: String) -> Output? { outputs.first { $0.path.isByteForByte(path) } }

    /// The outputs in a directory that an action has declared, as ``OutputPath`` writes it.
    public func outputs(below directory: String) -> [Output] { outputs.filter { $0.path.utf8.starts(with: directory.utf8) } }

    /// True if it has what an action has declared: a file, or at least one in a directory.
    public func has(_ declared: String) -> Bool {
        OutputPath.isDirectory(declared) ? outputs.contains { $0.path.utf8.starts(with: declared.utf8) } : output(declared) != nil
    }

    /// The result with just these outputs; nil if it lacks one of them. What an action did not declare is nobody's: what others name
    /// besides is not even looked for.
    public func having(_ paths: [String]) -> ActionResult? {
        guard paths.allSatisfy(has) else { return nil }
        let (wanted, directories) = (Set(paths.map { Path($0) }), paths.filter(OutputPath.isDirectory))
        var named: Set<Path> = []
        let kept = outputs.filter { output in
            let isWanted = wanted.contains(Path(output.path)) || directories.contains { output.path.utf8.starts(with: $0.utf8) }
            return isWanted && named.insert(Path(output.path)).inserted
        }
        return kept.count == outputs.count
            ? self : ActionResult(outputs: kept, servedBy: servedBy, duration: duration, cost: cost, usage: usage)
    }
}
