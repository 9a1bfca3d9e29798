import EpCache
import EpCore
import EpFiles

/// What has made room for others.
struct Trimmed {
    var entries = 0
    var blobs = 0
    var bytes: Int64 = 0
}

/// Keeps a served cache within its size: whatever comes asks for room first, and what was least recently used makes it.
actor CacheRoom {
    private let cache: DiskCache
    private var allowance: Allowance
    private var trimming: Task<Void, Never>?
    private var trimmed = Trimmed()
    /// When trimming has last made no room: all of it was used just now.
    private var wasFull: ContinuousClock.Instant?
    private let warn: @Sendable (Diagnostic) -> Void

    private static let rest = Duration.seconds(30)
    /// Left free on the disk, in bytes.
    private static let spareBytes: Int64 = 64 << 20

    init(_ cache: DiskCache, limit: Int64?, warn: @escaping @Sendable (Diagnostic) -> Void) {
        (self.cache, self.warn) = (cache, warn)
        allowance = Allowance(limit: limit, held: cache.info().bytes)
    }

    enum Answer { case granted, full, tooMuch }

    /// Whoever is granted room settles it.
    func ask(for bytes: Int64) async -> Answer {
        if allowance.isTooMuch(bytes) { return .tooMuch }
        if !fits(bytes) {
            if trimming == nil, wasFull.map({ ContinuousClock.now - $0 < Self.rest }) ?? false { return .full }
            await trim(for: bytes)
            guard fits(bytes) else {
                wasFull = .now
                return .full
            }
        }
        allowance.expect(bytes)
        return .granted
    }

    func settle(_ bytes: Int64, isKept: Bool) { allowance.settle(bytes, isKept: isKept) }

    /// Bytes that are held, and what was trimmed since the server began.
    var figures: (held: Int64, limit: Int64?, trimmed: Trimmed) { (allowance.held, allowance.limit, trimmed) }

    private func fits(_ bytes: Int64) -> Bool {
        allowance.fits(bytes) && DiskSpace.free(at: cache.path).map { $0 - Self.spareBytes >= bytes } ?? true
    }

    /// All who wait for room wait for one trimming.
    private func trim(for bytes: Int64) async {
        if let trimming { return await trimming.value }
        let most = allowance.beginTrimming(for: bytes)
        let task = Task { await self.carryOut(most) }
        trimming = task
        await task.value
    }

    private func carryOut(_ most: Int64?) async {
        do {
            let done = try await Self.trim(cache, to: most)
            allowance.endTrimming(kept: done.bytesKept)
            trimmed.entries += done.entries
            trimmed.blobs += done.blobs
            trimmed.bytes += done.bytesFreed
        } catch {
            warn(error)
        }
        trimming = nil
    }

    @concurrent private static func trim(_ cache: DiskCache, to most: Int64?) async throws(Diagnostic) -> CacheTrim {
        try cache.gc(maxBytes: most ?? cache.info().bytes / 10 * 9)
    }
}
