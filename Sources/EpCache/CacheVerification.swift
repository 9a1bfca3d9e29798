public import EpCore
import EpFiles
import Glibc

/// What reading the whole cache has shown.
public struct CacheVerification: Sendable, Hashable {
    public var blobs = 0
    public var entries = 0
    /// Bytes read.
    public var bytes: Int64 = 0
    /// One for each file that was set aside.
    public var damage: [Diagnostic] = []
    /// Entries that named a blob which is not there, and were removed.
    public var danglingEntries = 0
    /// Whole entries of other clients, in a directory that is served to them.
    public var foreignEntries = 0
    /// Sound entries by an older epbuild, which do not say which action they are for.
    public var unboundEntries = 0

    public var isSound: Bool { damage.isEmpty && danglingEntries == 0 }

    fileprivate mutating func add(_ other: CacheVerification) {
        blobs += other.blobs
        entries += other.entries
        bytes += other.bytes
        damage += other.damage
        danglingEntries += other.danglingEntries
        unboundEntries += other.unboundEntries
        foreignEntries += other.foreignEntries
    }
}

extension DiskCache {
    /// Reads everything: hashes every blob, then checks every entry and that its blobs are there. Damage is set aside
    /// and dangling entries are removed, so that what remains is sound. Uses all processors; can be cancelled.
    @concurrent public func verify() async throws -> CacheVerification {
        var report = CacheVerification()
        for section in [Section.blobs, .entries] {
            let layout = layout
            try await withThrowingTaskGroup(of: CacheVerification.self) { group in
                for shard in layout.shards(section) {
                    let directory = "\(layout.root)/\(section.rawValue)/\(shard)"
                    let isHealed = layout.heal(directory) { report.damage.append($0); self.files.onDamage($0) }
                    if !isHealed, access(directory, R_OK | X_OK) != 0 { report.damage.append(closed(directory)) }
                    group.addTask { try self.verify(section, layout.files(section, shard: shard, ofAnyKind: true)) }
                }
                for try await part in group { report.add(part) }
            }
        }
        return report
    }

    private func closed(_ directory: String) -> Diagnostic {
        let report = Diagnostic.system("look into", directory)
        files.onDamage(report)
        return report
    }

    private func verify(_ section: Section, _ candidates: [CachedFile]) throws -> CacheVerification {
        var report = CacheVerification()
        let isServed = isServed
        for file in candidates where !file.isEmptyBlob {
            try Task.checkCancellation()
            guard let digest = Digest(hex: file.hex, size: file.status.size) else { continue }
            report.bytes += file.status.size
            switch section {
            case .blobs:
                report.blobs += 1
                if let damage = try files.examine(digest) { report.damage.append(damage) }
            case .entries:
                report.entries += 1
                let action = ActionDigest(digest)
                try isServed ? verifyServed(file, of: action, into: &report) : verify(file, of: action, into: &report)
            }
        }
        return report
    }

    private func verifyServed(_ file: CachedFile, of action: ActionDigest, into report: inout CacheVerification) throws {
        switch try examineServed(file, of: action) {
        case .whole(let isForeign): report.foreignEntries += isForeign ? 1 : 0
        case .dangling: report.danglingEntries += 1
        case .damaged(let damage): report.damage.append(damage)
        case .absent: break
        }
    }

    private func verify(_ file: CachedFile, of action: ActionDigest, into report: inout CacheVerification) throws {
        switch try files.entry(for: action) {
        case .absent: break
        case .damaged(let damage): report.damage.append(damage)
        case .sound(let entry, let status):
            if entry.result.outputs.allSatisfy({ files.isPresent($0.digest) }) {
                if case .unbound = entry.seal { report.unboundEntries += 1 }
                return
            }
            if files.remove(file.path, ifStill: status.isSameFile) { report.danglingEntries += 1 }
        }
    }
}
