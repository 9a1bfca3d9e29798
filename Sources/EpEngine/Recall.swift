import EpCache
import EpCore
import EpFiles
import EpPlan

/// What the actions of the last whole build came to: it spares the next to look for their results in the cache.
///
/// It holds for what lies in two-digit directories of the cache that nothing has come to or left since. What it says is as good as an entry
/// that was looked up, whose blobs nobody has read yet: whoever reads one verifies it. Where that fails, the next pass does without.
final class Recall: Sendable {
    private let bytes: [UInt8]
    /// Where each action stands, with its result behind it, by the first word of its digest: there may be very many.
    private let places: [UInt64: UInt32]
    /// What the steps of the last build read, as `BuildPass.hint` has it.
    private let hints: Set<UInt64>
    /// What results name: paths, and who served.
    private let texts: [String]
    private let arePaths: [Bool]
    /// The two-digit directories of which it holds, as they stand.
    let standing: CacheShards
    /// True if it holds for all results that it knows.
    let isWhole: Bool

    static func path(of place: EpisodePlace) -> String { "\(place.stateDirectory)/recall/\(place.stateName)" }

    /// What is known of an episode's actions; nil if nothing is, or what is there is damaged, or of another epbuild or cache.
    convenience init?(of place: EpisodePlace, fingerprint: String, in cache: DiskCache) {
        guard let bytes = StateFile.read(Self.path(of: place)) else { return nil }
        self.init(encoded: bytes, fingerprint: fingerprint) { cache.shards($0) }
    }

    /// - Parameter look: says how two-digit directories stand now, by their numbers.
    init?(encoded bytes: [UInt8], fingerprint: String, look: ([Int]) -> CacheShards) {
        var reader = ByteReader(bytes)
        guard reader.isSealed, reader.number() == Self.magic, reader.string() == fingerprint else { return nil }
        let total = reader.amount()
        let shards = reader.list { (Int(truncatingIfNeeded: $0.number()), $0.stat()) }
        guard shards.allSatisfy({ (0..<512).contains($0.0) }) else { return nil }
        texts = reader.list { $0.string() }
        arePaths = texts.map(RelativePath.isClean)
        hints = Set(reader.list { $0.number() })
        var places: [UInt64: UInt32] = [:]
        let count = reader.count()
        places.reserveCapacity(count)
        while places.count < count, !reader.isBroken {
            guard let place = UInt32(exactly: reader.position) else { return nil }
            guard places.updateValue(place, forKey: reader.digest().firstWord) == nil else { return nil }
            reader.skip(reader.length())
        }
        guard reader.isAtEnd, !reader.isBroken else { return nil }
        (self.bytes, self.places) = (bytes, places)
        let then = CacheShards(Dictionary(shards) { first, _ in first })
        standing = look(Array(then.statuses.keys)).unchanged(since: then)
        isWhole = standing.statuses.count == total
    }

    var count: Int { places.count }

    /// Whether a step of the last build had read the same. It is a guess, by which to begin with what may have to be made.
    func hasSeen(_ hint: UInt64) -> Bool { hints.contains(hint) }

    static func hint(of bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { bytes in
            let whole = bytes.count & ~7
            var sum = UInt64(bytes.count)
            func add(_ word: UInt64) {
                sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
                sum ^= sum >> 29
            }
            for offset in stride(from: 0, to: whole, by: 8) { add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
            for byte in bytes[whole...] { add(UInt64(byte)) }
            return sum
        }
    }

    /// What an action came to.
    /// - Parameter outputs: those that the result must name.
    /// - Returns: nil if that is not known, or the result may not lie in the cache as it did.
    func result(of action: ActionDigest, requiring outputs: [String]) -> ActionResult? {
        guard let place = places[action.digest.firstWord], standing.has(CacheShards.number(ofEntryOf: action)) else { return nil }
        var reader = ByteReader(bytes).from(Int(place))
        guard reader.digest() == action.digest else { return nil }
        reader.skip(8)
        let result = read(&reader)
        guard !reader.isBroken, outputs.allSatisfy(result.has) else { return nil }
        guard result.outputs.allSatisfy({ standing.has(CacheShards.number(of: $0.digest)) }) else { return nil }
        return result
    }

    private func read(_ reader: inout ByteReader) -> ActionResult {
        let outputs = reader.list { reader in
            ActionResult.Output(path: text(&reader, isPath: true), digest: reader.digest(), isExecutable: reader.number() == 1)
        }
        let servedBy = text(&reader)
        let (duration, known, calls) = (Self.amount(&reader), Self.amount(&reader), Self.amount(&reader))
        let usage = reader.list { (text(&$0), Self.amount(&$0)) }
        return ActionResult(
            outputs: outputs, servedBy: servedBy, duration: .microseconds(duration), cost: Cost(microUSD: known, unpricedCalls: calls),
            usage: Dictionary(usage) { first, _ in first })
    }

    private static func amount(_ reader: inout ByteReader) -> Int64 {
        let amount = Int64(bitPattern: reader.number())
        if !ResultEntry.amounts.contains(amount) { reader.fail() }
        return amount
    }

    private func text(_ reader: inout ByteReader, isPath: Bool = false) -> String {
        guard let index = Int(exactly: reader.number()), texts.indices.contains(index), !isPath || arePaths[index] else {
            reader.fail()
            return ""
        }
        return texts[index]
    }
}
