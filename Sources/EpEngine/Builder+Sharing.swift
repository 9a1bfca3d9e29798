import EpCache
public import EpCore
import EpPlan

/// Sharing on demand: an episode's results, to or from the workspace's shared caches, with nothing run.
extension Builder {
    /// What became of the results of one episode in one shared cache.
    public struct Pushed: Sendable {
        public let cache: String
        /// Results that stand there now as they stand here.
        public let shared: Int
        /// Results that it had before with other bytes. They stand here now, too: the next build delivers them.
        public let adopted: Int
        /// Results that did not get there; why has been told.
        public let failed: Int
    }

    /// Puts everything that an episode is built from, as far as it is in the local cache, into the shared caches that may be written.
    /// - Parameter warn: is told of the trouble of shared caches.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public func push(_ place: EpisodePlace, warn: @escaping @Sendable (Diagnostic) -> Void) async throws -> [Pushed] {
        var pushed: [Pushed] = []
        repeat {
            // Anew for each: what the one before had first may have been adopted.
            let (pass, remotes) = try await look(place, isOffline: true, warn)
            let writable = remotes.filter(\.push)
            guard !writable.isEmpty else {
                throw Diagnostic(
                    .usage, "this workspace has no shared cache that may be written",
                    remedy: "set `push: true` in epbuild.yaml, in an entry of cache.remotes")
            }
            // Another epbuild.yaml, by now.
            guard pushed.count < writable.count else { return pushed }
            pushed.append(await push(pass, into: writable[pushed.count].store))
            if pushed.count == writable.count { return pushed }
        } while true
    }

    /// Puts everything that an episode is built from, as far as it is in the local cache, into a store that a person names.
    public func push(
        _ place: EpisodePlace, into store: any CacheStore, warn: @escaping @Sendable (Diagnostic) -> Void
    ) async throws -> Pushed {
        let (pass, _) = try await plan(place, isOffline: true, warn)
        return await push(pass, into: store)
    }

    private func push(_ pass: BuildPass, into store: any CacheStore) async -> Pushed {
        let sharing = Sharing(cache: cache, remote: store)
        let tally = await sharing.push(pass.results())
        // Who has served, and what was read, is told after the results; to a person that is no result more.
        let records = await sharing.push(pass.records())
        return Pushed(
            cache: store.name, shared: tally.shared, adopted: tally.adopted + records.adopted, failed: tally.failed + records.failed)
    }

    /// What became of results that somebody has brought along.
    public struct Taken: Sendable {
        public var copied = 0
        /// Those that were here.
        public var known = 0
        /// Those that are damaged, not whole, or signed by nobody who is trusted.
        public var failed = 0
    }

    /// Copies results from a store that a person names into the local cache. One that stands here stays.
    public func take(_ actions: [ActionDigest], from store: any CacheStore) async throws -> Taken {
        try cache.requireWriting()
        let sharing = Sharing(cache: cache, remote: store)
        var taken = Taken()
        for action in actions {
            if try await cache.result(for: action) != nil {
                taken.known += 1
            } else if let result = try await store.result(for: action),
                try await sharing.fetch(action, requiring: result.outputs.map(\.path)) != nil
            {
                taken.copied += 1
            } else {
                taken.failed += 1
            }
        }
        return taken
    }

    /// What became of an episode's results that were not here.
    public struct Pulled: Sendable {
        public let copied: Int
        /// Actions that must still be run, as far as they are known.
        public let missing: Int
        /// Of the missing, those that a shared cache could not tell of; why has been told.
        public let failed: Int
    }

    /// Copies what an episode needs from the workspace's shared caches into the local one.
    public func pull(_ place: EpisodePlace, warn: @escaping @Sendable (Diagnostic) -> Void) async throws -> Pulled {
        try cache.requireWriting()
        let (pass, _) = try await look(place, isOffline: false, warn)
        return Pulled(
            copied: pass.results(ofOrigin: .remote).count, missing: pass.planner.steps.count - pass.results().count, failed: pass.unanswered
        )
    }

    func look(
        _ place: EpisodePlace, isOffline: Bool, _ warn: @escaping @Sendable (Diagnostic) -> Void
    ) async throws -> (BuildPass, [SharedCache]) {
        let (pass, workspace) = try await plan(place, isOffline: isOffline, warn)
        let shared = try remotes(workspace, warn)
        guard !shared.isEmpty else {
            throw Diagnostic(
                .usage, "this workspace has no shared cache",
                remedy: "name one in epbuild.yaml: `cache: { remotes: [ { url: …, push: true } ] }`")
        }
        return (pass, shared)
    }

    private func plan(
        _ place: EpisodePlace, isOffline: Bool, _ warn: @escaping @Sendable (Diagnostic) -> Void
    ) async throws -> (BuildPass, Workspace) {
        var options = BuildOptions()
        options.isDryRun = true
        options.isOffline = isOffline
        let events = BuildEvents(of: place, surroundings) { if case .warning(let problem) = $0.kind { warn(problem) } }
        return try await settled {
            let session = BuildSession(builder: self, place: place, options: options, events: events, last: .none)
            let planned = try await session.pass()
            if let error = planned.pass.failures.map(\.diagnostic).error { throw error }
            if let reason = planned.reason { throw DamagedInput(reason) }
            return (planned.pass, planned.unit.workspace)
        }
    }
}
