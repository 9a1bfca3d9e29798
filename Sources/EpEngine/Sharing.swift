import EpCache
import EpCore

/// Copies results between the local cache and a shared one, blobs before the entries that name them.
struct Sharing: Sendable {
    let cache: DiskCache
    let remote: any CacheStore
    /// Results on their way at once: enough to hide a network's delay.
    private static let width = 64
    /// Results whose blobs are asked for and sent together, so that a server that takes many at a time is given many.
    private static let page = 512

    struct Tally {
        /// Results that stand there now as they stand here.
        var shared = 0
        /// Those that the shared cache had with other outputs: they stand here now, too.
        var adopted = 0
        var failed = 0
    }

    /// Looks for a result in the shared cache, and copies it with its blobs into the local one.
    /// - Returns: what stands here now; nil if it is not there, or not whole.
    func fetch(_ action: ActionDigest, requiring outputs: [String]) async throws -> ActionResult? {
        let arrival = cache.makeArrival()
        defer { withExtendedLifetime(arrival) {} }
        // What the action does not declare is dropped before anything is asked for.
        guard let shared = try await remote.sharedResult(for: action)?.having(outputs) else { return nil }
        return try await withBlobs(of: shared) {
            try await cache.publish(shared.result, for: action, blobs: $0, isCopy: true).result
        }
    }

    /// Puts results and their blobs into the shared cache. One that it had before with other outputs is adopted: the first one
    /// wins. A failure is counted, not thrown: sharing never fails a build.
    func push(_ results: [(ActionDigest, ActionResult)]) async -> Tally {
        let uploads = BlobUploads(from: cache, to: remote)
        var tally = Tally()
        var rest = results[...]
        while !rest.isEmpty {
            let page = rest.prefix(Self.page)
            rest = rest.dropFirst(page.count)
            await uploads.begin(with: Set(page.lazy.filter { !isInlined($0.1) }.flatMap { $0.1.outputs.map(\.digest) }))
            await push(page, uploads, &tally)
        }
        return tally
    }

    private func push(_ page: ArraySlice<(ActionDigest, ActionResult)>, _ uploads: BlobUploads, _ tally: inout Tally) async {
        await withTaskGroup(of: Outcome.self) { group in
            var rest = page
            func start() {
                guard let (action, result) = rest.popFirst() else { return }
                group.addTask { (try? await push(result, for: action, uploads)) ?? .failed }
            }
            for _ in 0..<Self.width { start() }
            for await outcome in group {
                switch outcome {
                case .shared: tally.shared += 1
                case .adopted: tally.adopted += 1
                case .failed: tally.failed += 1
                }
                start()
            }
        }
    }

    private enum Outcome { case shared, adopted, failed }

    /// What stands there but turns out to be damaged counts as missing from then on, so the second attempt replaces it.
    private func push(_ result: ActionResult, for action: ActionDigest, _ uploads: BlobUploads) async throws -> Outcome {
        let shared = isInlined(result) ? carried(result) : SharedResult(result)
        for isRepeated in [false, true] {
            try await uploads.send(shared.blobs, again: isRepeated)
            guard let standing = try await remote.store(shared, for: action), standing.result.outputs != result.outputs else {
                return .shared
            }
            // A result without what the action declares would be adopted, be no hit, run again, and so on.
            guard let first = standing.having(result.outputs.map(\.path)) else { return .failed }
            if first.result.outputs == result.outputs { return .shared }
            let adopted: Void? = try await withBlobs(of: first) { try await cache.adopt(first.result, for: action, blobs: $0) }
            if adopted != nil { return .adopted }
        }
        return .failed
    }

    /// True if the outputs travel in the result's entry.
    private func isInlined(_ result: ActionResult) -> Bool {
        remote.inlines && result.outputs.reduce(0) { $0 + $1.digest.size } <= SharedResult.inlinedSize
    }

    /// A result with the bytes of its outputs. One that cannot be read is sent by itself, which tells what is wrong with it.
    private func carried(_ result: ActionResult) -> SharedResult {
        var contents: [Digest: [UInt8]] = [:]
        for blob in Set(result.outputs.map(\.digest)) where blob != .empty { contents[blob] = try? cache.bytes(blob) }
        return SharedResult(result, contents: contents)
    }

    /// Brings the blobs of a result here.
    /// - Returns: nil if one of them is missing or damaged there.
    private func withBlobs<Value>(of shared: SharedResult, _ body: ([StagedBlob]) async throws -> Value) async throws -> Value? {
        var staged: [StagedBlob] = []
        for blob in try await cache.missing(of: Array(Set(shared.result.outputs.map(\.digest)))) {
            if let bytes = shared.contents[blob] {
                staged.append(try cache.stage(bytes, as: blob))
            } else if let arrived = try await cache.stage(blob, writing: { try await remote.fetch(blob, to: $0) }) {
                staged.append(arrived)
            } else {
                return nil
            }
        }
        return try await body(staged)
    }
}
