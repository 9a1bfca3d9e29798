public import EpCache
public import EpCore
import EpPlan

/// Copies results between the local cache and a shared one, blobs before the entries that name them.
public struct Sharing: Sendable {
    let cache: DiskCache
    /// Results on their way at once: enough to hide a network's delay.
    private static let width = 16

    public init(cache: DiskCache) { self.cache = cache }

    public struct Tally: Sendable {
        public var entries = 0
        public var failed = 0
        /// Where the shared cache had a result with other outputs, which stands there.
        public var adopted: [ActionDigest] = []
    }

    /// Puts results and their blobs into a shared cache. A failure is counted, not thrown: sharing never fails a build.
    public func push(_ results: [(ActionDigest, ActionResult)], to remote: any CacheStore) async -> Tally {
        await each(results) { action, result in
            let blobs = Array(Set(result.outputs.map(\.digest)))
            for blob in try await remote.missing(of: blobs) { try await remote.store(blob, from: cache.blobPath(blob)) }
            guard let other = try await remote.store(result, for: action) else { return false }
            return other.outputs != result.outputs
        }
    }

    /// Puts results of a shared cache in place of the local ones.
    /// - Returns: how many were there.
    func adopt(_ actions: [ActionDigest], from remote: any CacheStore) async -> Int {
        let tally = await each(actions.map { ($0, ()) }) { action, _ in
            guard let result = try await remote.result(for: action) else { throw NotThere() }
            let scratch = try cache.makeScratch()
            defer { scratch.close() }
            var staged: [StagedBlob] = []
            for blob in try await cache.missing(of: Array(Set(result.outputs.map(\.digest)))) {
                let path = "\(scratch.path)/\(blob.hex)"
                guard try await remote.fetch(blob, to: path) else { throw NotThere() }
                staged.append(try cache.stage(file: path, movingIt: true))
            }
            cache.forget(action)
            _ = try await cache.publish(result, for: action, blobs: staged)
            return false
        }
        return tally.entries
    }

    private struct NotThere: Error {}

    /// - Parameter body: returns true if the shared cache has another result.
    private func each<Work: Sendable>(
        _ items: [(ActionDigest, Work)], _ body: @escaping @Sendable (ActionDigest, Work) async throws -> Bool
    ) async -> Tally {
        await withTaskGroup(of: (ActionDigest, Result<Bool, any Error>).self) { group in
            var tally = Tally()
            var rest = items[...]
            func start() {
                guard let (action, work) = rest.popFirst() else { return }
                group.addTask {
                    do { return (action, .success(try await body(action, work))) } catch { return (action, .failure(error)) }
                }
            }
            for _ in 0..<Self.width { start() }
            while let (action, outcome) = await group.next() {
                switch outcome {
                case .success(let isTaken):
                    tally.entries += 1
                    if isTaken { tally.adopted.append(action) }
                case .failure: tally.failed += 1
                }
                start()
            }
            return tally
        }
    }
}

extension Builder {
    /// Puts everything that an episode is built from, as far as it is in the local cache, into the workspace's shared caches.
    public func push(_ place: EpisodePlace) async throws -> Sharing.Tally {
        let (pass, remotes) = try await look(place, isOffline: true)
        var sum = Sharing.Tally()
        for remote in remotes {
            let tally = await Sharing(cache: cache).push(pass.results(), to: remote.store)
            sum.entries += tally.entries
            sum.failed += tally.failed
            sum.adopted += tally.adopted
        }
        return sum
    }

    /// Copies what an episode needs from the workspace's shared caches into the local one, and runs nothing.
    /// - Returns: how many results were copied, and how many are still missing.
    public func pull(_ place: EpisodePlace) async throws -> (copied: Int, missing: Int) {
        let (pass, _) = try await look(place, isOffline: false)
        return (pass.results(ofOrigin: .remote).count, pass.planner.steps.count - pass.results().count)
    }

    private func look(_ place: EpisodePlace, isOffline: Bool) async throws -> (BuildPass, [SharedCache]) {
        var options = BuildOptions()
        options.isDryRun = true
        options.isOffline = isOffline
        let session = BuildSession(builder: self, place: place, options: options, observer: Unobserved(), last: .none)
        let planned = try await session.pass { _ in }
        let shared = try remotes(planned.unit.workspace)
        guard !shared.isEmpty else {
            throw Diagnostic(.usage, "this workspace has no shared cache", remedy: "name one in epbuild.yaml: `cache: { remotes: [ { url: … } ] }`")
        }
        return (planned.pass, shared)
    }
}

private final class Unobserved: BuildObserver {
    func observe(_ event: BuildEvent) {}
}
