import EpCore
import EpEngine
import EpFiles
import EpPlan

/// What is delivered of a show and its episodes on this machine, as it lies in their `out/`.
struct DeliveredShow {
    /// Who the show is: its `guid`, else the name of its directory.
    let identity: String
    private(set) var parts: [Publication.Part] = []
    /// Of the show itself, without its feeds.
    let files: [Publication.File]
    /// At the top of the place, as feeds name themselves.
    let feeds: [Publication.File]
    /// Nil: there is no feed.
    let names: FeedNames?

    /// - Parameter places: which of its episodes are asked for.
    init(_ show: EpisodePlace, asking places: [EpisodePlace]) throws {
        let asked = Set(places.map { Path($0.directory) })
        let episodes = try Discovery.episodes(at: show.directory, from: "/").filter { Path($0.show) == Path(show.directory) }
        let own = try Self.files(in: "\(show.directory)/out", as: "out")
        let feeds = try own.filter(Self.isFeed)
        self.feeds = feeds.map { .init(path: Path(Path($0.path.text).below("out") ?? $0.path.text), source: $0.source, digest: $0.digest) }
        let directories = episodes.map { Path(Path($0.directory).below(show.directory) ?? "") }
        let texts = try feeds.map { String(decoding: try Files.read($0.source) ?? [], as: UTF8.self) }
        names = feeds.isEmpty ? nil : FeedNames(texts.joined(separator: "\n"), episodes: directories)
        for (episode, directory) in zip(episodes, directories) {
            // What lies in the show's own `out/` is the show's.
            let files = directory.text.isEmpty ? [] : try Self.files(in: "\(episode.directory)/out", as: FeedNames.out(of: directory))
            parts.append(.init(directory: directory, files: files, isAskedFor: asked.contains(Path(episode.directory))))
        }
        files = own.filter { file in !feeds.contains { $0.path == file.path } }
        let facts = try Files.read("\(show.directory)/show.yaml").map { try Node(parsing: $0, file: "show.yaml").value }
        identity = facts?["guid"]?.string ?? Path(show.directory).parts.last ?? ""
    }

    private static func isFeed(_ file: Publication.File) throws -> Bool {
        guard [".xml", ".rss"].contains(where: file.path.text.hasSuffix) else { return false }
        return String(decoding: (try Files.read(file.source) ?? []).prefix(2048), as: UTF8.self).contains("<rss")
    }

    /// All files below a directory, without hidden ones and those of drafts.
    private static func files(in directory: String, as path: String) throws -> [Publication.File] {
        var files: [Publication.File] = []
        for entry in try Files.entries(in: RawPath(directory)) ?? [] where !entry.name.begins(with: ".") {
            guard let name = entry.name.text else {
                throw Diagnostic(
                    .badInput, "\(entry.path.shown): a name that is no UTF-8 can be no address", remedy: "rename it, or move it out of out/"
                )
            }
            let (source, shown) = ("\(directory)/\(name)", "\(path)/\(name)")
            switch try Files.status(source) {
            case nil: continue
            case let status? where status.isDirectory: files += try Self.files(in: source, as: shown)
            case let status? where status.isRegular:
                if !DraftMark.isMarked(name) { files.append(.init(path: Path(shown), source: source, digest: try digest(of: source))) }
            case _?: throw Diagnostic(.badInput, "\(source) is no plain file", remedy: "move it out of out/")
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    private static func digest(of path: String) throws -> Digest {
        do throws(FileError) {
            return try OpenFile(reading: path).digest()
        } catch {
            throw Diagnostic(.system, error.message)
        }
    }
}
