import EpCore
import EpFiles

/// What trimming would remove: least recently used first, and an entry always before the blobs that it names.
/// A pure value: it looks at no file.
struct TrimPlan {
    /// An entry or a blob, as far as trimming is concerned.
    struct Item {
        let file: CachedFile
        /// Blobs that an entry names, by their hexadecimal digits; none for a blob.
        var names: [String] = []
        var isProtected = false
    }

    struct Limits {
        /// Bytes that may stay; nil for any number.
        var maxBytes: Int64?
        /// What was last used before this goes, in nanoseconds since 1970.
        var usedBefore: Int64 = .min
        /// What was used since then stays, whatever the other limits, in nanoseconds since 1970.
        var spareSince: Int64 = .max
    }

    /// What goes, in the order of going.
    private(set) var entries: [Item] = []
    private(set) var blobs: [Item] = []
    private(set) var bytesFreed: Int64 = 0
    private(set) var bytesKept: Int64

    private struct Candidate {
        let item: Item
        let isEntry: Bool
        /// A blob was used when it was stamped, or when an entry that names it was.
        let lastUse: Int64
    }

    init(entries: [Item], blobs: [Item], limits: Limits) {
        bytesKept = (entries + blobs).reduce(0) { $0 + $1.file.status.size }
        for candidate in Self.candidates(entries, blobs) {
            let isOverSize = limits.maxBytes.map { bytesKept > $0 } ?? false
            guard candidate.lastUse < limits.spareSince, isOverSize || candidate.lastUse < limits.usedBefore else { break }
            if candidate.isEntry { self.entries.append(candidate.item) } else { self.blobs.append(candidate.item) }
            bytesFreed += candidate.item.file.status.size
            bytesKept -= candidate.item.file.status.size
        }
    }

    /// Everything that may go, in the order of going. A blob comes after each entry that names it, as it counts as
    /// used when they were; and what a protected entry names is protected.
    private static func candidates(_ entries: [Item], _ blobs: [Item]) -> [Candidate] {
        var namedAt: [String: Int64] = [:]
        for entry in entries {
            let time = entry.isProtected ? Int64.max : entry.file.status.modified
            for name in entry.names { namedAt[name] = max(namedAt[name] ?? .min, time) }
        }
        var candidates: [Candidate] = []
        for entry in entries where !entry.isProtected {
            candidates.append(Candidate(item: entry, isEntry: true, lastUse: entry.file.status.modified))
        }
        for blob in blobs where !blob.isProtected {
            let lastUse = max(blob.file.status.modified, namedAt[blob.file.hex] ?? .min)
            if lastUse < .max { candidates.append(Candidate(item: blob, isEntry: false, lastUse: lastUse)) }
        }
        return candidates.sorted { left, right in
            if left.lastUse != right.lastUse { return left.lastUse < right.lastUse }
            if left.isEntry != right.isEntry { return left.isEntry }
            return left.item.file.hex < right.item.file.hex
        }
    }
}
