import EpCore
import EpFiles
import Glibc

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

    /// Every plain file of a section.
    /// - Throws: `Diagnostic` if one may have been overlooked, as a directory or a file cannot be looked at.
    func allFiles(_ section: Section) throws(Diagnostic) -> [CachedFile] {
        let top = "\(root)/\(section.rawValue)"
        var files: [CachedFile] = []
        for shard in try names(top).sorted() where shard.utf8.count == 2 {
            for name in try names("\(top)/\(shard)") where Digest(hex: name, size: 0) != nil && name.hasPrefix(shard) {
                let path = "\(top)/\(shard)/\(name)"
                if let status = FileStatus(path) {
                    if status.isRegular { files.append(CachedFile(hex: name, path: path, status: status)) }
                } else if errno != ENOENT {
                    throw .system("look at", path)
                }
            }
        }
        return files
    }

    private func names(_ directory: String) throws(Diagnostic) -> [String] {
        do throws(FileError) { return try Directory.allNames(directory) } catch { throw .system("read", error.path, error.system) }
    }
}
