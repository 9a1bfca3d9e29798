import EpCache
import Glibc

/// A pattern with `*`, `?` and `**`, below a directory.
struct Glob: Hashable {
    let pattern: String
    let directory: String

    /// The paths that it stands for, sorted. One whose last part is no pattern need not exist.
    /// - Parameter onList: is told of every directory that is listed, before it is.
    func paths(onList: (String) -> Void = { _ in }) -> [String] {
        var paths: [String] = []
        Self.collect(pattern.split(separator: "/").map(String.init)[...], in: directory, into: &paths, onList)
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func collect(_ pattern: ArraySlice<String>, in directory: String, into paths: inout [String], _ onList: (String) -> Void) {
        guard let first = pattern.first else { return }
        let rest = pattern.dropFirst()
        if !first.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }) {
            let path = "\(directory)/\(first)"
            if rest.isEmpty { paths.append(path) } else { collect(rest, in: path, into: &paths, onList) }
            return
        }
        onList(directory)
        for entry in list(directory) {
            let path = "\(directory)/\(entry.name)"
            if first == "**" {
                if entry.isDirectory { collect(pattern, in: path, into: &paths, onList) }
            } else if fnmatch(first, entry.name, 0) == 0 {
                if rest.isEmpty {
                    if !entry.isDirectory { paths.append(path) }
                } else if entry.isDirectory {
                    collect(rest, in: path, into: &paths, onList)
                }
            }
        }
        if first == "**" { collect(rest, in: directory, into: &paths, onList) }
    }

    /// What a directory holds, without hidden files and editors' backups.
    private static func list(_ directory: String) -> [(name: String, isDirectory: Bool)] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var entries: [(name: String, isDirectory: Bool)] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix("."), !name.hasSuffix("~"), !name.hasPrefix("#"), !name.contains(".epbuild-") else { continue }
            let type = Int32(entry.pointee.d_type)
            let isDirectory = type == DT_DIR || (type == DT_LNK || type == DT_UNKNOWN) && FileStatus("\(directory)/\(name)", followingLink: true)?.isDirectory == true
            entries.append((name, isDirectory))
        }
        return entries
    }
}
