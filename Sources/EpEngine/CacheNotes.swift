import EpCache
import EpCore
import EpFiles
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
    /// Of each step.
    let hints: [UInt64]
    /// What else must stay: other takes, records of who served, and the texts that edits began with.
    let (otherActions, blobs): ([ActionDigest], [Digest])
    /// True if what the actions came to is noted already.
    let isRecalled: Bool
    /// The two-digit directories that the results lay in before the build, as they stood, without those to which something has come.
    let standing: CacheShards
    let discards: DiscardPile

    func write() throws {
        var actions = addresses.lazy.compactMap { $0?.digest }.makeIterator()
        try cache.remember(next: { actions.next() }, others: otherActions, blobs: blobs, of: place.directory)
        guard !isRecalled else { return }
        try Recall.write(
            KnownResults(addresses, results), hints: hints, of: place, fingerprint: fingerprint, in: cache, standing: standing,
            discardingInto: discards)
    }
}

/// What actions have come to, each once, where it stands with the steps: there may be very many.
private struct KnownResults: RandomAccessCollection {
    private let addresses: [StepAddress?]
    private let results: [ActionResult?]
    /// Of the first step of each action that has a result.
    private let places: [Int]

    init(_ addresses: [StepAddress?], _ results: [ActionResult?]) {
        (self.addresses, self.results) = (addresses, results)
        // By their first words, as the recall finds them.
        var seen = Set<UInt64>(minimumCapacity: addresses.count)
        places = addresses.indices.filter { index in
            results[index] != nil && addresses[index].map { seen.insert($0.digest.digest.firstWord).inserted } == true
        }
    }

    var startIndex: Int { 0 }
    var endIndex: Int { places.count }

    subscript(position: Int) -> (ActionDigest, ActionResult) {
        guard let address = addresses[places[position]], let result = results[places[position]] else {
            preconditionFailure("only those that have both are among them")
        }
        return (address.digest, result)
    }
}
