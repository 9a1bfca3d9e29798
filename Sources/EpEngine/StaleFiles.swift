import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc

/// What epbuild has delivered into an `out/` and delivers no longer. It goes if it is byte for byte as it was delivered.
struct StaleFiles {
    private let place: EpisodePlace
    /// Those that went, and those that somebody has changed, so that they stay; relative to the episode.
    private(set) var removed: [String] = []
    private(set) var kept: [String] = []

    init(of place: EpisodePlace) { self.place = place }

    /// Takes away what is not delivered now, and puts on record what is.
    /// - Parameter isConcerned: true of the files that may go.
    mutating func remove(
        except written: Delivery.Written, from known: DeliveryRecord, where isConcerned: (Path) -> Bool = { _ in true }
    ) throws {
        var record = known
        let current = Set((written.outputs + written.kept).map { Path($0) })
        for name in record.digests.keys.sorted() where isConcerned(name) && !current.contains("out/\(name)") {
            try remove(name, record)
            record.set(nil, at: name)
        }
        // What stood at their places before is of no use any more.
        for (name, digest) in written.delivered { record.set(digest, at: name) }
        try record.write()
    }

    private mutating func remove(_ name: Path, _ record: DeliveryRecord) throws {
        let output = "out/\(name)"
        let path = "\(place.directory)/\(output)"
        guard let digest = try? Self.digest(of: path) else {
            if FileStatus(path) != nil { kept.append(output) }
            return
        }
        guard record.has(digest, at: name), unlink(path) == 0 else { return kept.append(output) }
        removed.append(output)
        // Directories go only if they are empty.
        var directory = Path(Path(output).parent)
        while directory != "out", rmdir("\(place.directory)/\(directory)") == 0 { directory = Path(directory.parent) }
    }

    /// Of a plain file of its own; nil of a link, or of anything else.
    private static func digest(of path: String) throws -> Digest? {
        FileStatus(path)?.isRegular == true ? try FileDigest.compute(path) : nil
    }
}

extension Builder {
    /// Takes away what was delivered, as far as it is as it was delivered.
    /// - Returns: what went, and what somebody has changed, so that it stays; relative to the episode.
    public static func removeDelivered(of place: EpisodePlace) throws -> (removed: [String], kept: [String]) {
        var stale = StaleFiles(of: place)
        let lockFile = LockFile(of: place, seen: EpisodeLock(), shown: EpisodeLock.fileName)
        try lockFile.alone { try stale.remove(except: Delivery.Written(), from: DeliveryRecord(of: place)) }
        return (stale.removed, stale.kept)
    }
}
