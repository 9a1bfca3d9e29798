import EpCore
import Glibc

/// A directory in which something new is to be made. Nothing that is there is ever written over.
struct NewPlace {
    /// As the person wrote it.
    private let shown: String
    /// Absolute, without links as far as it exists.
    let directory: String

    init(_ path: String, from base: String) {
        shown = path
        var parts = (path.hasPrefix("/") ? path : "\(base)/\(path)").split(separator: "/").map(String.init)[...]
        var missing: [String] = []
        while !parts.isEmpty {
            if let resolved = realpath("/" + parts.joined(separator: "/"), nil) {
                defer { free(resolved) }
                parts = String(cString: resolved).split(separator: "/").map(String.init)[...]
                break
            }
            missing.insert(parts.removeLast(), at: 0)
        }
        for part in missing where part != "." {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        directory = "/" + parts.joined(separator: "/")
    }

    /// The nearest directory with such a file, from this one upward.
    func ancestor(with file: String) -> String? {
        var path = directory
        while !path.isEmpty {
            if access("\(path)/\(file)", F_OK) == 0 { return path }
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return nil
    }

    /// The nearest directory above this one with such a file.
    func parentAncestor(with file: String) -> String? { ancestor(with: file).flatMap { $0 == directory ? nil : $0 } }

    func has(_ file: String) -> Bool { access("\(directory)/\(file)", F_OK) == 0 }

    /// - Throws: `Diagnostic` (usage) that says what is there, if one of the files is, or no directory can be.
    func refuseIfThere(_ files: [String]) throws(Diagnostic) {
        let there = files.filter(has)
        guard there.isEmpty else {
            throw Diagnostic(
                .usage, "\(shown) has \(Self.listed(there)) already; nothing was written",
                remedy: "name another directory, or remove what you do not need")
        }
        var status = stat()
        if stat(directory, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            throw Diagnostic(.usage, "\(shown) is a file", remedy: "name a directory")
        }
        let others = names
        if !others.isEmpty { Console.say("\(shown) is there already, with \(Self.listed(others)): that stays as it is") }
    }

    /// Names in the directory, sorted; none if there is no directory.
    var names: [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    /// Writes files, and tells of each.
    /// - Parameter files: paths in the directory, with their texts. One that is there is left as it is, and named.
    func write(_ files: [(path: String, text: String)]) throws(Diagnostic) {
        for (path, text) in files {
            let whole = "\(directory)/\(path)"
            try Self.makeDirectory(String(whole[..<(whole.lastIndex(of: "/") ?? whole.startIndex)]))
            let descriptor = open(whole, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                if errno == EEXIST {
                    Console.answer("kept  \(shownPath(path)), which was there")
                    continue
                }
                throw Self.unwritable(whole)
            }
            let count = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            let problem = errno
            guard close(descriptor) == 0, count == text.utf8.count else {
                unlink(whole)
                errno = problem
                throw Self.unwritable(whole)
            }
            Console.answer("wrote \(shownPath(path))")
        }
    }

    private func shownPath(_ path: String) -> String { shown == "." ? path : shown.hasSuffix("/") ? shown + path : "\(shown)/\(path)" }

    private static func makeDirectory(_ path: String) throws(Diagnostic) {
        guard !path.isEmpty, mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT else { throw unwritable(path) }
        try makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw unwritable(path) }
    }

    private static func unwritable(_ path: String) -> Diagnostic {
        Diagnostic(.system, "\(path) cannot be written: \(String(cString: strerror(errno)))", remedy: "name a directory that you can write to")
    }

    /// "a, b and c"; of many the first five.
    private static func listed(_ names: [String]) -> String {
        if names.count > 6 { return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more" }
        return names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
}
