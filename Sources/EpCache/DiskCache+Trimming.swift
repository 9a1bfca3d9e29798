public import EpCore
import EpFiles

/// What trimming removed, or would remove.
public struct CacheTrim: Sendable, Hashable {
    public var entries = 0
    public var blobs = 0
    /// Bytes that were freed.
    public var bytesFreed: Int64 = 0
    /// Bytes that stay. More than was asked for, if that much is protected or in use.
    public var bytesKept: Int64 = 0
    /// Directories of processes that died.
    public var abandonedDirectories = 0
    /// Files that had been set aside as damaged more than a week ago.
    public var damagedFiles = 0
}

extension DiskCache {
    /// Set-aside damage is kept for a week, so that a person can look at it.
    private static let damageKept: Duration = .seconds(7 * 24 * 3600)

    /// Removes what was least recently used, until both limits hold; also what dead processes left behind and old
    /// damage. Whatever is used meanwhile, by any process, stays.
    /// - Parameters:
    ///   - maxBytes: how much may stay, in bytes; nil for any amount.
    ///   - olderThan: what was not used for so long goes; nil for nothing.
    ///   - dryRun: only says what would go.
    ///   - actions: these stay, with the blobs that their results name.
    ///   - blobs: these stay.
    ///   - sparing: what was used within this time stays. Shorter than an hour endangers builds that are running.
    /// - Throws: `Diagnostic` if another process is trimming this cache, or not all of it can be looked at: then nothing goes.
    public func gc(
        maxBytes: Int64? = nil, olderThan: Duration? = nil, dryRun: Bool = false,
        protecting actions: Set<ActionDigest> = [], blobs: Set<Digest> = [], sparing: Duration = .seconds(3600)
    ) throws(Diagnostic) -> CacheTrim {
        let locks = try writing.get().locks
        let lock = try layout.lockable(layout.trimmingLock, files.onDamage)
        guard FileLock.tryTake(lock.descriptor) else {
            throw Diagnostic(
                .system, "another process is trimming the cache \(path)",
                remedy: "wait until it is done, then run it again")
        }
        defer { FileLock.release(lock.descriptor) }
        let now = FileClock.now
        var limits = TrimPlan.Limits(maxBytes: maxBytes, spareSince: FileClock.moment(sparing, before: now))
        if let olderThan { limits.usedBefore = FileClock.moment(olderThan, before: now) }
        let plan = TrimPlan(
            entries: try trimmableEntries(protecting: Set(actions.map(\.hex)), locks),
            blobs: trimmableBlobs(protecting: Set(blobs.map(\.hex))), limits: limits)
        if dryRun {
            return CacheTrim(
                entries: plan.entries.count, blobs: plan.blobs.count,
                bytesFreed: plan.bytesFreed, bytesKept: plan.bytesKept)
        }
        var report = carryOut(plan, locks)
        report.abandonedDirectories = ProcessDirectory.sweep(layout.temporary)
        report.damagedFiles = removeOldDamage(before: FileClock.moment(Self.damageKept, before: now))
        return report
    }

    /// Entries first. One that is in use by now stays, and so do the blobs that it names.
    private func carryOut(_ plan: TrimPlan, _ locks: LockTable) -> CacheTrim {
        var report = CacheTrim(bytesKept: plan.bytesFreed + plan.bytesKept)
        func count(_ item: TrimPlan.Item, _ total: WritableKeyPath<CacheTrim, Int>) {
            report[keyPath: total] += 1
            report.bytesFreed += item.file.status.size
            report.bytesKept -= item.file.status.size
        }
        var stillNamed: Set<String> = []
        for entry in plan.entries {
            if !locks.isHeld(entry.file.hex), remove(entry.file) {
                count(entry, \.entries)
            } else {
                stillNamed.formUnion(entry.names)
            }
        }
        for blob in plan.blobs where !stillNamed.contains(blob.file.hex) && remove(blob.file) {
            count(blob, \.blobs)
        }
        return report
    }

    /// Of every entry: the blobs of one that is overlooked would seem to be nobody's, and go.
    private func trimmableEntries(protecting actions: Set<String>, _ locks: LockTable) throws(Diagnostic) -> [TrimPlan.Item] {
        var items: [TrimPlan.Item] = []
        for file in try layout.allFiles(.entries) {
            let names = try names(file)
            items.append(TrimPlan.Item(file: file, names: names, isProtected: actions.contains(file.hex) || locks.isHeld(file.hex)))
        }
        return items
    }

    /// The blobs that an entry names, by their hexadecimal digits. A damaged entry names nothing; whoever looks it up will report it.
    private func names(_ file: CachedFile) throws(Diagnostic) -> [String] {
        guard let action = Digest(hex: file.hex, size: 0) else { return [] }
        let bytes: [UInt8]
        switch try PlainFile.open(file.path) {
        case .absent: return []
        case .opened(let entry): bytes = try entry.file.readAll()
        case .unusable(let reason):
            throw Diagnostic(
                .system, "nothing is trimmed: \(file.path) cannot be looked at (\(reason)), so it is not known which blobs it needs",
                remedy: "run it again; if it stays so, `epbuild cache verify` sets the entry aside")
        }
        if let own = try? ResultEntry(canonical: bytes, for: ActionDigest(action)) { return own.result.outputs.map(\.digest.hex) }
        return foreignNames(bytes)
    }

    private func trimmableBlobs(protecting blobs: Set<String>) -> [TrimPlan.Item] {
        layout.files(.blobs).filter { !$0.isEmptyBlob }.map { file in
            TrimPlan.Item(file: file, isProtected: blobs.contains(file.hex))
        }
    }

    /// Removes a file, unless it was used or replaced since it was planned to go.
    private func remove(_ file: CachedFile) -> Bool {
        files.remove(file.path) { $0.isSameFile(as: file.status) && $0.modified == file.status.modified }
    }

    private func removeOldDamage(before time: Int64) -> Int {
        Directory.names(layout.damaged).count { name in
            let path = "\(layout.damaged)/\(name)"
            guard let status = FileStatus(path), status.modified < time else { return false }
            Directory.removeTree(path)
            return FileStatus(path) == nil
        }
    }
}
