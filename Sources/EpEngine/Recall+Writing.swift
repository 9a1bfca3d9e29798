import EpCache
import EpCore
import EpFiles
import EpPlan

extension Recall {
    static let magic: UInt64 = 0x3330_4c4c_4143_4552  // "RECALL03"

    /// Replaces what is known of an episode's actions.
    /// - Parameters:
    ///   - results: what they have come to, each action once; all of it lies in the cache.
    ///   - hints: of what their steps read.
    ///   - standing: two-digit directories as they stood before any of it was looked up. What has come to one since does not harm: then it
    ///     stands otherwise, and the next build looks.
    static func write(
        _ results: some Collection<(ActionDigest, ActionResult)>, hints: [UInt64], of place: EpisodePlace, fingerprint: String,
        in cache: DiskCache, standing: CacheShards, discardingInto pile: DiscardPile = DiscardPile()
    ) throws {
        let path = path(of: place)
        try StateFile.makeDirectory("\(place.stateDirectory)/recall")
        StateFile.makeRoom(for: path)
        let numbers = shards(of: results)
        let shards = cache.shards(Array(numbers.filter { !standing.has($0) })).settled.joined(with: standing.among(numbers))
        try Files.replace(path, discardingInto: pile) { (file: inout SealedFile) throws in
            try encode(results, hints, fingerprint, shards, of: numbers.count) { try file.append($0) }
        }
    }

    /// The numbers of the two-digit directories in which results and their blobs lie.
    static func shards(of results: some Sequence<(ActionDigest, ActionResult)>) -> Set<Int> {
        var numbers: Set<Int> = []
        for (action, result) in results {
            numbers.insert(CacheShards.number(ofEntryOf: action))
            for output in result.outputs { numbers.insert(CacheShards.number(of: output.digest)) }
        }
        return numbers
    }

    /// - Parameters:
    ///   - shards: those directories that had settled.
    ///   - count: how many there are.
    ///   - append: is given who writes one piece after the other.
    static func encode(
        _ results: some Collection<(ActionDigest, ActionResult)>, _ hints: [UInt64], _ fingerprint: String, _ shards: CacheShards,
        of count: Int, append: ((inout ByteWriter) -> Void) throws -> Void
    ) rethrows {
        var texts = Texts()
        for (_, result) in results { texts.add(result) }
        try append { head in
            head.write(magic)
            head.write(fingerprint)
            head.write(UInt64(count))
            head.write(UInt64(shards.statuses.count))
            for (number, status) in shards.statuses {
                head.write(UInt64(number))
                head.write(status)
            }
            head.write(UInt64(texts.all.count))
            texts.all.forEach { head.write($0) }
            head.write(UInt64(hints.count))
            hints.forEach { head.write($0) }
            head.write(UInt64(results.count))
        }
        for (action, result) in results {
            try append { entry in
                entry.write(action.digest)
                entry.writeCounted { texts.write(result, to: &$0) }
            }
        }
    }

    /// The texts of results, each once.
    private struct Texts {
        private(set) var all: [String] = []
        private var numbers: [Path: UInt64] = [:]
        /// Those that most results name are among the first.
        private static let few = 4

        mutating func add(_ result: ActionResult) {
            add(result.servedBy)
            for output in result.outputs { add(output.path) }
            for unit in result.usage.keys { add(unit) }
        }

        private mutating func add(_ text: String) {
            guard number(text) == .max else { return }
            numbers[Path(text)] = UInt64(all.count)
            all.append(text)
        }

        private func number(_ text: String) -> UInt64 {
            for number in 0..<min(Self.few, all.count) where all[number].isByteForByte(text) { return UInt64(number) }
            return numbers[Path(text)] ?? .max
        }

        func write(_ result: ActionResult, to writer: inout ByteWriter) {
            writer.write(UInt64(result.outputs.count))
            for output in result.outputs {
                writer.write(number(output.path))
                writer.write(output.digest)
                writer.write(output.isExecutable ? 1 : 0)
            }
            writer.write(number(result.servedBy))
            writer.write(UInt64(bitPattern: result.duration.microseconds))
            writer.write(result.cost)
            writer.write(UInt64(result.usage.count))
            for (unit, amount) in result.usage {
                writer.write(number(unit))
                writer.write(UInt64(bitPattern: amount))
            }
        }
    }
}
