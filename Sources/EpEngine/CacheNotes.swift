import EpCache
import EpCore
import EpPlan

/// What a whole build notes of the cache: what trimming must leave, and what its actions came to.
///
/// Values alone, so that it is written beside the trace: together they are most of what an edit among many thousands of items costs.
struct CacheNotes: Sendable {
    let cache: DiskCache
    let place: EpisodePlace
    let fingerprint: String
    let addresses: [StepAddress?]
    let results: [ActionResult?]
    /// What else must stay: other takes, records of who served, and the texts that edits began with.
    let (otherActions, blobs): ([ActionDigest], [Digest])
    /// True if what the actions came to is noted already.
    let isRecalled: Bool
    /// The two-digit directories that the results lay in before the build, as they stood, without those to which something has come.
    let standing: CacheShards

    func write() throws {
        try cache.remember(addresses.lazy.compactMap { $0?.digest }, others: otherActions, blobs: blobs, of: place.directory)
        if !isRecalled { try writeRecall() }
    }

    private func writeRecall() throws {
        // By their first words, as the recall finds them.
        var seen: Set<UInt64> = []
        let indices = addresses.indices.filter { index in
            results[index] != nil && addresses[index].map { seen.insert($0.digest.digest.firstWord).inserted } == true
        }
        let known = indices.lazy.compactMap { index in addresses[index].flatMap { address in results[index].map { (address.digest, $0) } } }
        try Recall.write(known, of: place, fingerprint: fingerprint, in: cache, standing: standing)
    }
}
