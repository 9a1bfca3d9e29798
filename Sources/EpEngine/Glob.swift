import Glibc

/// A pattern with `*`, `?` and `**`, below a directory. `**` is any number of directories; at the end, all files below.
/// `{episode}` is any number of directories, the last with an episode.yaml: what lies in an episode is not looked through.
struct Glob: Hashable {
    let pattern: String
    let directory: String

    /// What is told while a pattern is looked up.
    struct Listener {
        /// Every directory that is listed, before it is.
        var onList: (String) -> Void = { _ in }
        /// A file that matches, but whose path is not UTF-8: with its other bytes as `\xE4`.
        var onOddName: (String) -> Void = { _ in }
    }

    /// The paths that it stands for, sorted. One whose last part is no pattern need not exist.
    func paths(_ listener: Listener = Listener()) -> [String] {
        var paths: Set<String> = []
        Self.collect(pattern.split(separator: "/").map(String.init)[...], in: Array(directory.utf8CString), into: &paths, listener)
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A path as the system has it: bytes, and a zero.
    private typealias RawPath = [CChar]

    private static func collect(_ pattern: ArraySlice<String>, in directory: RawPath, into paths: inout Set<String>, _ listener: Listener) {
        guard let first = pattern.first else { return }
        let rest = pattern.dropFirst()
        if first == "{episode}" { return collect(pattern, ofEpisodesIn: directory, into: &paths, listener) }
        if !first.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }) {
            let path = join(directory, Array(first.utf8CString))
            if rest.isEmpty { add(path, to: &paths, listener) } else { collect(rest, in: path, into: &paths, listener) }
            return
        }
        if let directory = text(directory) { listener.onList(directory) }
        for (name, isDirectory) in list(directory) {
            let path = join(directory, name)
            guard first == "**" || fnmatch(first, name, 0) == 0 else { continue }
            if !isDirectory {
                if rest.isEmpty { add(path, to: &paths, listener) }
            } else if first != "**" {
                collect(rest, in: path, into: &paths, listener)
            } else if !leadsBack(path, from: directory) {
                collect(pattern, in: path, into: &paths, listener)
            }
        }
        if first == "**" { collect(rest, in: directory, into: &paths, listener) }
    }

    private static func collect(_ pattern: ArraySlice<String>, ofEpisodesIn directory: RawPath, into paths: inout Set<String>, _ listener: Listener) {
        if access(join(directory, Array("episode.yaml".utf8CString)), F_OK) == 0 { return collect(pattern.dropFirst(), in: directory, into: &paths, listener) }
        if let directory = text(directory) { listener.onList(directory) }
        for (name, isDirectory) in list(directory) where isDirectory && text(name) != "out" {
            let path = join(directory, name)
            if !leadsBack(path, from: directory) { collect(pattern, ofEpisodesIn: path, into: &paths, listener) }
        }
    }

    private static func add(_ path: RawPath, to paths: inout Set<String>, _ listener: Listener) {
        if let path = text(path) { paths.insert(path) } else { listener.onOddName(readable(path)) }
    }

    /// What a directory holds, without hidden files and editors' backups.
    private static func list(_ directory: RawPath) -> [(name: RawPath, isDirectory: Bool)] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var entries: [(name: RawPath, isDirectory: Bool)] = []
        while let entry = readdir(handle) {
            let name: RawPath = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0] }
            let shown = readable(name)
            guard !shown.hasPrefix("."), !shown.hasSuffix("~"), !shown.hasPrefix("#"), !shown.contains(".epbuild-") else { continue }
            let type = Int32(entry.pointee.d_type)
            entries.append((name, type == DT_DIR || (type == DT_LNK || type == DT_UNKNOWN) && isDirectory(join(directory, name))))
        }
        return entries
    }

    private static func isDirectory(_ path: RawPath) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// True for a link to a directory that it lies in: `**` would follow it for ever.
    private static func leadsBack(_ path: RawPath, from directory: RawPath) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, let target = realpath(path, nil), let place = realpath(directory, nil) else { return false }
        defer {
            free(target)
            free(place)
        }
        return "\(String(cString: place))/".hasPrefix("\(String(cString: target))/")
    }

    private static func join(_ directory: RawPath, _ name: RawPath) -> RawPath { directory.dropLast() + [CChar(UInt8(ascii: "/"))] + name }

    private static func text(_ path: RawPath) -> String? {
        String(validating: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func readable(_ path: RawPath) -> String {
        let names = path.dropLast().map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return names.map { name in
            String(validating: name, as: UTF8.self)
                ?? name.map { $0 < 128 ? String(Unicode.Scalar($0)) : "\\x\(String($0, radix: 16, uppercase: true))" }.joined()
        }.joined(separator: "/")
    }
}
