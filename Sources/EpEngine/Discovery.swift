import EpCache
public import EpCore
import Glibc

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

    /// The episode's name in file names below `.epbuild/`.
    var stateName: String {
        let path = directory == workspace ? "." : String(directory.dropFirst(workspace.count + 1))
        // What stands for `/` stands for nothing else, nor does what tells a show from an episode of that name.
        return path.replacing("%", with: "%25").replacing("/", with: "%") + (isShow ? "%%show" : "")
    }
}

/// Finds the episodes that a path on the command line stands for.
public struct Discovery {
    /// - Parameter path: an episode, a show or a workspace, relative to `base` or absolute.
    /// - Throws: `Diagnostic` (usage or bad input) if there is no such directory, or nothing to build in it.
    public static func episodes(at path: String, from base: String) throws(Diagnostic) -> [EpisodePlace] {
        guard !path.isEmpty else { throw emptyPath }
        let absolute = path.hasPrefix("/") ? path : "\(base)/\(path)"
        guard let resolved = realpath(absolute, nil) else { throw noDirectory(path) }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        guard FileStatus(directory, followingLink: true)?.isDirectory == true else { throw noDirectory(path) }
        let found = places(in: directory, depth: 3)
        guard !found.isEmpty else {
            throw Diagnostic(
                .usage, "\(path) is no episode, show or workspace",
                remedy: "an episode has an episode.yaml, and stands in a show, which has a show.yaml")
        }
        for place in found where place.show.isEmpty {
            throw Diagnostic(
                .badInput, "\(path) belongs to no show", remedy: "put a show.yaml into a directory above the episode")
        }
        return found
    }

    /// The show's own unit, where a path names a show; nil if it names anything else.
    public static func show(at path: String, from base: String) -> EpisodePlace? {
        guard !path.isEmpty, let resolved = realpath(path.hasPrefix("/") ? path : "\(base)/\(path)", nil) else { return nil }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        guard has("show.yaml", directory), !has("episode.yaml", directory) else { return nil }
        return EpisodePlace(directory: directory, show: directory, workspace: ancestor(of: directory, with: "epbuild.yaml") ?? directory, isShow: true)
    }

    /// The show's own unit, for an episode's place.
    public static func show(of place: EpisodePlace) -> EpisodePlace {
        EpisodePlace(directory: place.show, show: place.show, workspace: place.workspace, isShow: true)
    }

    private static func places(in directory: String, depth: Int) -> [EpisodePlace] {
        if has("episode.yaml", directory) {
            let show = ancestor(of: directory, with: "show.yaml")
            let workspace = ancestor(of: directory, with: "epbuild.yaml") ?? show ?? directory
            return [EpisodePlace(directory: directory, show: show ?? "", workspace: workspace, isShow: false)]
        }
        guard depth > 0 else { return [] }
        return subdirectories(of: directory).flatMap { places(in: "\(directory)/\($0)", depth: depth - 1) }
    }

    private static func ancestor(of directory: String, with file: String) -> String? {
        var path = directory
        while !path.isEmpty {
            if has(file, path) { return path }
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return nil
    }

    private static func has(_ file: String, _ directory: String) -> Bool { access("\(directory)/\(file)", F_OK) == 0 }

    private static func subdirectories(of directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard !name.hasPrefix("."), name != "out" else { continue }
            let type = Int32(entry.pointee.d_type)
            if type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// As an unset variable of a shell gives it: it does not stand for all that is below a directory.
    public static let emptyPath = Diagnostic(
        .usage, "an empty word names nothing", remedy: "name an episode, a show or a workspace; `.` is the directory where you are")

    private static func noDirectory(_ path: String) -> Diagnostic {
        Diagnostic(.usage, "there is no directory \(path)", remedy: "name an episode, a show or a workspace")
    }
}
