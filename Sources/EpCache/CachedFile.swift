import EpCore

/// A blob or an entry as it lies in the cache.
struct CachedFile: Sendable {
    let hex: String
    let path: String
    let status: FileStatus

    /// The blob that every store holds: not counted, never trimmed.
    var isEmptyBlob: Bool { status.size == 0 && hex == Digest.empty.hex }
}

extension CacheLayout {
    /// The two-digit directories of a section.
    func shards(_ section: Section) -> [String] {
        Directory.names("\(root)/\(section.rawValue)").filter { $0.utf8.count == 2 }.sorted()
    }

    /// The files of one such directory. Whatever does not look like a digest is none of ours.
    /// - Parameter ofAnyKind: also what is no plain file.
    func files(_ section: Section, shard: String, ofAnyKind: Bool = false) -> [CachedFile] {
        let directory = "\(root)/\(section.rawValue)/\(shard)"
        return Directory.names(directory).compactMap { name in
            guard Digest(hex: name, size: 0) != nil, name.hasPrefix(shard) else { return nil }
            let path = "\(directory)/\(name)"
            guard let status = FileStatus(path), ofAnyKind || status.isRegular else { return nil }
            return CachedFile(hex: name, path: path, status: status)
        }
    }

    func files(_ section: Section) -> [CachedFile] {
        shards(section).flatMap { files(section, shard: $0) }
    }
}
