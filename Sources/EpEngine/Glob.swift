import EpCore
import EpFiles
import Glibc

/// A pattern with `*`, `?` and `**`, below a directory. `**` is any number of directories; at the end, all files below.
/// `{episode}` is any number of directories, the last with an episode.yaml: what lies in an episode is not looked through.
///
/// It stands for whatever a person has there by these names, be it readable or not; and for nothing that a build has put there.
struct Glob: Hashable {
    let pattern: Path
    let directory: Path

    init(pattern: String, directory: String) {
        self.pattern = Path(pattern)
        self.directory = Path(directory)
    }

    /// What is told while a pattern is looked up.
    struct Listener {
        /// Every directory that is listed, before it is.
        var onList: (String) -> Void = { _ in }
        /// A file that matches, but whose path is not UTF-8: with its other bytes as `\xE4`.
        var onOddName: (String) -> Void = { _ in }
        /// A link to nothing, where files might be found behind it.
        var onDeadLink: (String) -> Void = { _ in }
        /// What lies in the same directory as files that match, and does not: no hidden file, and no directory.
        var onOther: (String) -> Void = { _ in }
    }

    /// The paths that it stands for, sorted. One whose last part is no pattern need not exist.
    /// - Throws: `Diagnostic` (`bad_input`) if a directory on the way cannot be read.
    func paths(_ listener: Listener = Listener()) throws(Diagnostic) -> [String] {
        var search = GlobSearch(listener: listener)
        try search.collect(pattern.parts[...], in: RawPath(directory.text))
        return search.paths.sorted().map(\.text)
    }

    static func isPattern(_ part: String) -> Bool { part.utf8.contains { "*?[".utf8.contains($0) } }
}

/// One search for what a pattern stands for.
private struct GlobSearch {
    let listener: Glob.Listener
    private(set) var paths: Set<Path> = []
    /// Where the links lie that have been followed to where the search is.
    private var followed: [String] = []

    init(listener: Glob.Listener) { self.listener = listener }

    mutating func collect(_ pattern: ArraySlice<String>, in directory: RawPath) throws(Diagnostic) {
        guard let first = pattern.first else { return }
        let rest = pattern.dropFirst()
        if first == "{episode}" { return try collect(pattern, ofEpisodesIn: directory) }
        guard Glob.isPattern(first) else {
            let path = directory.appending(RawPath(first))
            return rest.isEmpty ? add(path) : try collect(rest, in: path)
        }
        for entry in try list(directory) {
            guard first == "**" || NamePattern.matches(entry.name, first) else {
                if rest.isEmpty { noteOther(entry) }
                continue
            }
            guard !entry.name.begins(with: ".") || first.utf8.first == UInt8(ascii: ".") else { continue }
            try collect(pattern, entry, in: directory)
        }
        if first == "**" { try collect(rest, in: directory) }
    }

    /// Of what matches the first part of a pattern.
    private mutating func collect(_ pattern: ArraySlice<String>, _ entry: OpenDirectory.Entry, in directory: RawPath) throws(Diagnostic) {
        let (rest, path) = (pattern.dropFirst(), entry.path)
        switch (try Files.target(of: entry), pattern.first == "**") {
        case (.file, _), (.deadLink, _): if rest.isEmpty { add(path) } else if entry.kind == .link { noteDeadLink(path) }
        case (.directory, true): try enter(path, from: directory) { search throws(Diagnostic) in try search.collect(pattern, in: path) }
        case (.directory, false):
            if !rest.isEmpty { try collect(rest, in: path) } else if pattern.first.map(NamePattern.isSpecific) == true { add(path) }
        }
    }

    private mutating func collect(_ pattern: ArraySlice<String>, ofEpisodesIn directory: RawPath) throws(Diagnostic) {
        if try exists("episode.yaml", in: directory) { return try collect(pattern.dropFirst(), in: directory) }
        for entry in try list(directory, withBackups: true) where !entry.name.isName(Discovery.out) && !entry.name.begins(with: ".") {
            let path = entry.path
            switch try Files.target(of: entry) {
            case .file: continue
            case .deadLink: noteDeadLink(path)
            case .directory:
                try enter(path, from: directory) { search throws(Diagnostic) in try search.collect(pattern, ofEpisodesIn: path) }
            }
        }
    }

    private mutating func add(_ path: RawPath) {
        if let text = path.text { paths.insert(Path(text)) } else { listener.onOddName(path.shown) }
    }

    private func noteOther(_ entry: OpenDirectory.Entry) {
        guard entry.kind != .directory, !entry.name.begins(with: "."), let path = entry.path.text else { return }
        listener.onOther(path)
    }

    private func noteDeadLink(_ path: RawPath) {
        if path.withCString({ access($0, F_OK) }) != 0 { listener.onDeadLink(path.shown) }
    }

    /// What a directory holds, without editors' backups and what epbuild has put there.
    /// - Parameter withBackups: true where directories are looked for: no editor makes a backup of one.
    private func list(_ directory: RawPath, withBackups: Bool = false) throws(Diagnostic) -> [OpenDirectory.Entry] {
        if let text = directory.text { listener.onList(text) }
        guard let entries = try Files.entries(in: directory) else {
            if let text = directory.text { _ = try Files.status(text) }
            return []
        }
        let (isEpisode, isShow) = (try exists("episode.yaml", in: directory), try exists("show.yaml", in: directory))
        return entries.filter { entry in
            let name = entry.name
            if !withBackups, name.ends(with: "~") || name.begins(with: "#") && name.ends(with: "#") { return false }
            if name.begins(with: ReplacementFile.prefix) { return false }
            return !(isEpisode || isShow) || !(name.isName("out") || name.isName(EpisodeLock.fileName))
        }
    }

    private func exists(_ name: String, in directory: RawPath) throws(Diagnostic) -> Bool {
        let path = directory.appending(RawPath(name))
        if path.withCString({ access($0, F_OK) }) == 0 { return true }
        let error = SystemError.last
        guard error.isAbsence else { throw Files.unreadable(path.shown, error) }
        return false
    }

    /// Goes into a directory, unless it is a link to one that the search is in: it would come back to that link for ever.
    private mutating func enter(
        _ path: RawPath, from directory: RawPath, _ look: (inout GlobSearch) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        guard path.status()?.kind == .link, let target = path.resolved, let place = directory.resolved else { return try look(&self) }
        guard !(followed + [place]).contains(where: { Path($0 + "/").below(target) != nil }) else { return }
        followed.append(place)
        defer { followed.removeLast() }
        try look(&self)
    }
}

/// One part of a pattern against one name.
enum NamePattern {
    /// Patterns are read by letters, not by bytes, whatever the language of the person's terminal is.
    /// - Note: made once and never changed, so that every thread may use it.
    private nonisolated(unsafe) static let locale = newlocale(Int32(1 << LC_CTYPE), "C.UTF-8", nil)

    /// - Parameter ignoringCase: true to see what was perhaps meant.
    static func matches(_ name: RawPath, _ pattern: String, ignoringCase: Bool = false) -> Bool {
        let before = locale.map { uselocale($0) }
        defer { if let before { uselocale(before) } }
        // GNU's FNM_CASEFOLD.
        return name.withCString { fnmatch(pattern, $0, ignoringCase ? 1 << 4 : 0) } == 0
    }

    /// True if it says more of a name than that there is one: a directory of such a name is a mistake.
    static func isSpecific(_ pattern: String) -> Bool { !pattern.utf8.allSatisfy { "*?".utf8.contains($0) } }
}
