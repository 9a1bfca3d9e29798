import EpCache
public import EpCore
import EpFiles
import EpPlan
import Glibc

/// What a rollback has changed. Paths are absolute.
public struct RollbackOutcome: Sendable {
    public var restored: [String] = []
    /// Files that the episode did not have then.
    public var removed: [String] = []
    /// Files of the show or the workspace that are different from then, and were left alone.
    public var different: [String] = []
    /// Files that were too large to keep, or are damaged in the cache.
    public var lost: [String] = []
    /// Where everything that was replaced or removed has been put; nil if nothing was.
    public var kept: String?
}

extension Builder {
    /// Puts the files of an episode back as they were in an earlier build. Nothing is lost: what stood there is put aside.
    /// - Parameters:
    ///   - snapshot: as the report of that build has it.
    ///   - includingShow: also the show's and the workspace's files, which other episodes are built from.
    /// - Throws: `Diagnostic` if the cache does not have the snapshot any more; then nothing has been changed.
    public func rollBack(_ place: EpisodePlace, to snapshot: ActionDigest, includingShow: Bool) throws -> RollbackOutcome {
        guard let then = try Snapshot(snapshot, in: cache) else {
            throw Diagnostic(
                .actionFailed, "the cache has no longer what that build was made from",
                remedy: "choose a later build: `epbuild log` lists them")
        }
        var move = Rollback(place: place, cache: cache, at: surroundings.clock.now())
        // A build or a decision that goes on at this moment finds the lock as it was before, or as it is after.
        try LockFile(of: place, seen: EpisodeLock(), shown: EpisodeLock.fileName).alone {
            for file in then.files where includingShow || Snapshot.isOfEpisode(file.path) { try move.restore(file) }
            try move.remove(
                others: Set(then.files.map { Path($0.path) }),
                known: Array(LastBuild(of: place, fingerprint: fingerprint).files.remembered))
        }
        if !includingShow {
            for file in then.files where !Snapshot.isOfEpisode(file.path) { try move.compare(file) }
        }
        return move.outcome
    }
}

/// One rollback while it goes on.
private struct Rollback {
    let place: EpisodePlace
    let cache: DiskCache
    private(set) var outcome = RollbackOutcome()
    private let aside: String

    init(place: EpisodePlace, cache: DiskCache, at now: Moment) {
        self.place = place
        self.cache = cache
        aside = "\(place.stateDirectory)/rolled-back/\(now.iso8601Seconds.replacing(":", with: ""))-\(getpid())"
    }

    mutating func restore(_ file: Snapshot.File) throws {
        guard let path = Snapshot.path(of: file.path, place), try digest(of: path) != file.digest else { return }
        let before = FilePermissions(path, followingLink: true)
        try putAside(path, file.path)
        guard try cache.copyOut(file.digest, to: path) else { return outcome.lost.append(path) }
        if let before { chmod(path, before.mode) }
        outcome.restored.append(path)
    }

    /// Files of the episode that the last build read and that one did not have.
    mutating func remove(others: Set<Path>, known: some Sequence<Path>) throws {
        for path in known.sorted().map(\.text) {
            guard let name = Snapshot.name(path, place), Snapshot.isOfEpisode(name), !others.contains(Path(name)), access(path, F_OK) == 0
            else { continue }
            try putAside(path, name)
            unlink(path)
            outcome.removed.append(path)
        }
    }

    mutating func compare(_ file: Snapshot.File) throws {
        guard let path = Snapshot.path(of: file.path, place), try digest(of: path) != file.digest else { return }
        outcome.different.append(path)
    }

    private func digest(of path: String) throws -> Digest? { try Files.plainStatus(path) == nil ? nil : try FileDigest.compute(path) }

    private mutating func putAside(_ path: String, _ name: String) throws {
        guard let bytes = try Files.read(path) else { return }
        let kept = "\(aside)/\(name)"
        try StateFile.makeDirectory(Path(kept).parent)
        try Files.replace(kept, with: bytes, durably: true)
        outcome.kept = aside
    }
}
