import EpCore
import EpFiles
import EpPlan

/// A search for the episodes below a directory, by `stat` alone. A directory is looked through once, whatever links lead to it; where a
/// directory stands by itself and behind a link, it is found by itself.
struct EpisodeSearch {
    /// Levels that are looked through until a show is found. Below a show there may be any number: seasons, years, parts.
    private static let levelsAboveShows = 3

    /// A directory, and the show that it belongs to: through a link an episode may be another show's, too.
    private struct Visit: Hashable {
        let device: UInt64
        let inode: UInt64
        let show: [UInt64]
    }

    private struct Link {
        let path: String
        let levels: Int
        let show: [UInt64]
    }

    private var found: [Path] = []
    /// Of what is passed over, though there may be episodes in it.
    private(set) var warnings: [Diagnostic] = []
    /// The first file that is nearly called episode.yaml.
    private(set) var nearEpisode: String?
    private var seen: Set<Visit> = []
    private var links: [Link] = []

    /// - Parameter show: the directory of the show that the directory belongs to; "" if there is none.
    init(below directory: String, show: String) throws(Diagnostic) {
        let own = show.isEmpty ? [] : Self.identity(FileStatus(show, followingLink: true))
        try look(directory, levels: Self.levelsAboveShows, show: own)
        while let link = links.popLast() { try look(link.path, levels: link.levels, show: link.show) }
    }

    /// Directories of episodes, in the order of the names on their paths.
    var directories: [String] {
        found.sorted { $0.parts.map { Path($0) }.lexicographicallyPrecedes($1.parts.map { Path($0) }) }.map(\.text)
    }

    private static func identity(_ status: FileStatus?) -> [UInt64] { status.map { [$0.device, $0.inode] } ?? [] }

    private mutating func look(_ directory: String, levels: Int, show: [UInt64]) throws(Diagnostic) {
        guard let status = try Files.status(directory) else { return }
        let isShow = try Discovery.has("show.yaml", directory)
        let show = isShow ? Self.identity(status) : show
        guard seen.insert(Visit(device: status.device, inode: status.inode, show: show)).inserted else { return }
        if try Discovery.has("episode.yaml", directory) {
            found.append(Path(directory))
            return
        }
        guard levels > 0 || !show.isEmpty else { return }
        for entry in try subdirectories(of: directory) {
            let next = Link(path: "\(directory)/\(entry.name)", levels: levels - 1, show: show)
            if entry.isLink { links.append(next) } else { try look(next.path, levels: next.levels, show: next.show) }
        }
    }

    /// Those that may hold episodes, in the order of their names.
    private mutating func subdirectories(of directory: String) throws(Diagnostic) -> [(name: Path, isLink: Bool)] {
        var names: [(name: Path, isLink: Bool)] = []
        for entry in try Files.entries(in: RawPath(directory)) ?? [] where !entry.name.begins(with: ".") {
            if entry.name.isName(Discovery.out) {
                if try Discovery.has("episode.yaml", entry.path.shown) { warnings.append(Discovery.inOut(entry.path.shown)) }
                continue
            }
            switch try Files.target(of: entry) {
            case .file:
                if let name = entry.name.text, let meant = Discovery.meant(by: name) {
                    if meant == "episode.yaml" { nearEpisode = nearEpisode ?? entry.path.shown }
                    warnings.append(MisspeltFile.warning(of: entry.path.shown, meaning: meant))
                }
            case .deadLink:
                var warning = Files.deadLink(entry.path.shown)
                warning.severity = .warning
                warnings.append(warning)
            case .directory:
                guard let name = entry.name.text else {
                    throw Diagnostic(
                        .badInput, "the name of \(entry.path.shown) is not UTF-8", remedy: "rename it: there may be episodes in it")
                }
                names.append((Path(name), entry.kind == .link || entry.kind == nil && entry.path.status()?.kind == .link))
            }
        }
        return names.sorted { $0.name < $1.name }
    }
}
