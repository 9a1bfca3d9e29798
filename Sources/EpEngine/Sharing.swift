public import EpCache
public import EpCore

/// Copies results between the local cache and a shared one, blobs before the entries that name them.
public struct Sharing: Sendable {
    let cache: DiskCache
    /// Results on their way at once: enough to hide a network's delay.
    private static let width = 16

    public init(cache: DiskCache) { self.cache = cache }

    public struct Tally: Sendable {
        public var entries = 0
        public var failed = 0
        /// Where the shared cache had another result, which stands there.
        public var adopted: [Diagnostic] = []
    }

    /// Puts results and their blobs into a shared cache. A failure is counted, not thrown: sharing never fails a build.
    public func push(_ results: [(ActionDigest, ActionResult)], to remote: any CacheStore) async -> Tally {
        await each(results) { action, result in
            let blobs = Array(Set(result.outputs.map(\.digest)))
            for blob in try await remote.missing(of: blobs) { try await remote.store(blob, from: cache.blobPath(blob)) }
            guard let other = try await remote.store(result, for: action), other.outputs != result.outputs else { return nil }
            return Diagnostic(
                .remote, "\(remote.name) has another result for action \(action.digest.short): the first one stands there",
                remedy: "`epbuild cache pull` on a machine without the result takes that one", severity: .warning)
        }
    }

    /// Copies the results of actions, with their blobs, from a shared cache into the local one.
    public func pull(_ actions: [ActionDigest], from remote: any CacheStore) async -> Tally {
        await each(actions.map { ($0, ()) }) { action, _ in
            guard let result = try await remote.result(for: action) else { throw NotThere() }
            let scratch = try cache.makeScratch()
            defer { scratch.close() }
            var staged: [StagedBlob] = []
            for blob in try await cache.missing(of: Array(Set(result.outputs.map(\.digest)))) {
                let path = "\(scratch.path)/\(blob.hex)"
                guard try await remote.fetch(blob, to: path) else { throw NotThere() }
                staged.append(try cache.stage(file: path, movingIt: true))
            }
            _ = try await cache.publish(result, for: action, blobs: staged)
            return nil
        }
    }

    private struct NotThere: Error {}

    private func each<Work: Sendable>(
        _ items: [(ActionDigest, Work)], _ body: @escaping @Sendable (ActionDigest, Work) async throws -> Diagnostic?
    ) async -> Tally {
        await withTaskGroup(of: Result<Diagnostic?, any Error>.self) { group in
            var tally = Tally()
            var rest = items[...]
            func start() {
                guard let (action, work) = rest.popFirst() else { return }
                group.addTask {
                    do { return .success(try await body(action, work)) } catch { return .failure(error) }
                }
            }
            for _ in 0..<Self.width { start() }
            while let outcome = await group.next() {
                switch outcome {
                case .success(let note):
                    tally.entries += 1
                    if let note { tally.adopted.append(note) }
                case .failure: tally.failed += 1
                }
                start()
            }
            return tally
        }
    }
}
