public import EpCore
import EpFiles
import EpPlan

/// Where an episode stands: its own directory, its show's, its workspace's. Found by `stat` alone.
public struct EpisodePlace: Hashable, Sendable {
    /// Absolute path of the episode; of the show itself for the stages that a show has once.
    public let directory: String
    public let show: String
    public let workspace: String
    /// True for the show's own stages.
    public let isShow: Bool

    /// Where epbuild keeps what it knows about the workspace: `.epbuild/`.
    public var stateDirectory: String { "\(workspace)/.epbuild" }

    public static func == (left: EpisodePlace, right: EpisodePlace) -> Bool { left.key == right.key }
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// The directory says all but which of two units it is, and where its show and its workspace begin.
    private var key: [Path] { [Path(directory), Path(show), Path(workspace), isShow ? "show" : "episode"] }

    /// The episode's name in file names below `.epbuild/`.
    var stateName: String {
        let path = Path(directory).below(workspace) ?? "."
        // What tells a show from an episode of that name stands for nothing else, nor does what tells a long name from another.
        return Self.flat(path) + (isShow ? "%%show" : "")
    }

    /// A path as one name: what stands for `/` stands for nothing else.
    static func flat(_ path: String) -> String {
        let bytes = path.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "%"): Array("%25".utf8)
            case UInt8(ascii: "/"): [UInt8(ascii: "%")]
            default: [byte]
            }
        }
        return FileName.bounded(String(decoding: bytes, as: UTF8.self))
    }
}

/// Finds the episodes that a path on the command line stands for.
public struct Discovery {
    /// - Parameters:
    ///   - path: an episode, a show or a workspace, relative to `base` or absolute.
    ///   - warn: is told of links to nothing, behind which there may be episodes.
    /// - Throws: `Diagnostic` (usage or bad input) if there is no such directory, or nothing to build in it, or if that cannot be told.
    public static func episodes(
        at path: String, from base: String, warn: (Diagnostic) -> Void = { _ in }
    ) throws(Diagnostic) -> [EpisodePlace] {
        guard !path.isEmpty else { throw emptyPath }
        guard let directory = try resolve(path, from: base), try Files.status(directory)?.isDirectory == true else {
            throw absence(of: path, from: base)
        }
        let search = try EpisodeSearch(below: directory, show: try show(above: directory))
        search.warnings.forEach(warn)
        let found = try places(of: search)
        guard !found.isEmpty else { throw try nothing(in: directory, path, near: search.nearEpisode) }
        for place in found where place.show.isEmpty {
            let near = misspelt("show.yaml", above: place.directory).map { "rename \($0): the file of a show must be called show.yaml" }
            throw Diagnostic(
                .badInput, "\(path) belongs to no show", remedy: near ?? "put a show.yaml into a directory above the episode")
        }
        if let own = found.first, Path(own.directory) == Path(directory) { try checkIsFound(own, path, warn) }
        if let first = found.first, try !has("epbuild.yaml", first.workspace), let near = misspelt("epbuild.yaml", above: directory) {
            warn(MisspeltFile.warning(of: near, meaning: "epbuild.yaml"))
        }
        return found
    }

    /// The directory of the episode that a directory is or lies in; nil if there is none.
    public static func episode(around directory: String) -> String? {
        guard let resolved = Files.resolved(directory), let found = try? ancestor(of: resolved, with: "episode.yaml"), !found.isEmpty else {
            return nil
        }
        return found
    }

    /// The directory of the episode that a file lies in; nil if there is no such file, or it lies in none.
    public static func episode(ofFile path: String, from base: String) -> String? {
        guard let file = try? resolve(path, from: base), (try? Files.status(file))??.isDirectory == false else { return nil }
        return episode(around: Path(file).parent)
    }

    /// The show's own unit, where a path names a show; nil if it names anything else.
    public static func show(at path: String, from base: String) -> EpisodePlace? {
        guard !path.isEmpty, let directory = try? resolve(path, from: base), (try? has("show.yaml", directory)) == true,
            (try? has("episode.yaml", directory)) == false, let workspace = try? ancestor(of: directory, with: "epbuild.yaml")
        else { return nil }
        return EpisodePlace(directory: directory, show: directory, workspace: workspace.isEmpty ? directory : workspace, isShow: true)
    }

    /// The show's own unit, for an episode's place.
    public static func show(of place: EpisodePlace) -> EpisodePlace {
        EpisodePlace(directory: place.show, show: place.show, workspace: place.workspace, isShow: true)
    }

    /// The blueprint that a file belongs to: its episode's, else its show's; nil if there is none around it.
    /// - Throws: `Diagnostic` or `DiagnosticList` if it is wrong.
    public static func blueprint(around path: String, from base: String) throws -> Value? {
        guard let file = try resolve(path, from: base) else { return nil }
        let directory = Path(file).parent
        let showDirectory = try show(above: directory)
        guard !showDirectory.isEmpty else { return nil }
        let sources = SourceFiles(shownFrom: base)
        func node(_ path: String) throws -> Node? {
            try sources.file(path).map { try Node(parsing: sources.bytes($0), file: $0.shown) }
        }
        guard let show = try node("\(showDirectory)/show.yaml").map({ try Show(directory: showDirectory, $0) }) else { return nil }
        let episode = try ancestor(of: directory, with: "episode.yaml")
        guard episode.utf8.starts(with: showDirectory.utf8), let facts = try node("\(episode)/episode.yaml") else { return show.value }
        return try Episode(directory: episode, facts, show: show).blueprint
    }

    /// The show that an episode belongs to: the nearest one above it; "" if there is none.
    static func show(above directory: String) throws(Diagnostic) -> String { try ancestor(of: directory, with: "show.yaml") }

    /// Nil if nothing is there.
    private static func resolve(_ path: String, from base: String) throws(Diagnostic) -> String? {
        if let resolved = Files.resolved(path.utf8.first == UInt8(ascii: "/") ? path : "\(base)/\(path)") { return resolved }
        let error = SystemError.last
        guard error.isAbsence else { throw Files.unreadable(path, error) }
        return nil
    }

    private static func places(of search: EpisodeSearch) throws(Diagnostic) -> [EpisodePlace] {
        var found: [EpisodePlace] = []
        for directory in search.directories {
            let show = try show(above: directory)
            let workspace = try ancestor(of: directory, with: "epbuild.yaml")
            found.append(
                EpisodePlace(
                    directory: directory, show: show, workspace: workspace.isEmpty ? show.isEmpty ? directory : show : workspace,
                    isShow: false))
        }
        return found
    }

    /// Where builds deliver, in an episode and in a show.
    static let out = "out"

    /// True for the name of a directory that nobody looks through for episodes.
    public static func passesOver(_ name: String) -> Bool { name == out || name.utf8.first == UInt8(ascii: ".") }

    static func inOut(_ path: String) -> Diagnostic {
        Diagnostic(
            .badInput, "\(path) is where builds deliver: neither builds of the show nor its feed find an episode there",
            remedy: "give its directory another name", severity: .warning)
    }

    /// The file of epbuild's that a name is nearly: `episode.yml`, `Show.yaml`, `episode.yaml.txt`. Nil if it is none, or that itself.
    static func meant(by name: String) -> String? {
        var word = name.lowercased()
        if word.hasSuffix(".txt") { word.removeLast(4) }
        if word.hasSuffix(".yml") { word = word.dropLast(3) + "yaml" }
        guard word != name, ["episode.yaml", "show.yaml", "pipeline.yaml", "epbuild.yaml"].contains(word) else { return nil }
        return word
    }

    /// A file in a directory that is nearly called as it must be.
    static func misspelt(_ name: String, in directory: String) -> String? {
        MisspeltFile.names(for: name).map { "\(directory)/\($0)" }.first { FileStatus($0, followingLink: true)?.isRegular == true }
    }

    /// The nearest such file in the directories above one.
    private static func misspelt(_ name: String, above directory: String) -> String? {
        var path = Path(directory).parent
        while !path.isEmpty {
            if let near = misspelt(name, in: path) { return near }
            path = Path(path).parent
        }
        return nil
    }

    /// An episode that is named by itself is to be one that builds of its show find, too.
    private static func checkIsFound(_ place: EpisodePlace, _ path: String, _ warn: (Diagnostic) -> Void) throws(Diagnostic) {
        if Path(place.directory).name == out { return warn(inOut(path)) }
        let outer = try ancestor(of: Path(place.directory).parent, with: "episode.yaml")
        guard Path(outer).below(place.show) != nil else { return }
        warn(
            Diagnostic(
                .badInput, "\(path) lies in the episode \(Path(outer).name): neither builds of the show nor its feed find it there",
                remedy: "move it to a place beside that episode", severity: .warning))
    }

    /// The nearest directory with a file, upward from one; "" if there is none.
    private static func ancestor(of directory: String, with file: String) throws(Diagnostic) -> String {
        var path = directory
        while !path.isEmpty, try !has(file, path) { path = Path(path).parent }
        return path
    }

    /// - Throws: `Diagnostic` if it cannot be told, or is a link to nothing.
    static func has(_ file: String, _ directory: String) throws(Diagnostic) -> Bool {
        try Files.status("\(directory)/\(file)") != nil
    }

    /// As an unset variable of a shell gives it: it does not stand for all that is below a directory.
    public static let emptyPath = Diagnostic(
        .usage, "an empty word names nothing", remedy: "name an episode, a show or a workspace; `.` is the directory where you are")

    /// A show or a workspace that somebody has just begun, or another directory.
    /// - Parameter near: a file in it that is nearly called episode.yaml.
    private static func nothing(in directory: String, _ path: String, near: String?) throws(Diagnostic) -> Diagnostic {
        if let near {
            return Diagnostic(
                .badInput, "\(path) has no episode", remedy: "rename \(near): the file of an episode must be called episode.yaml")
        }
        let below = path == "." ? "" : "\(path)/"
        if try has("show.yaml", directory) {
            return Diagnostic(.usage, "\(path) has no episode yet", remedy: "epbuild new episode \(below)ep001")
        }
        if try has("epbuild.yaml", directory) {
            return Diagnostic(.usage, "\(path) has no show yet", remedy: "epbuild new show \(below)NAME --title TEXT")
        }
        return Diagnostic(
            .usage, "\(path) is no episode, show or workspace",
            remedy: "an episode has an episode.yaml, and stands in a show, which has a show.yaml")
    }
}
