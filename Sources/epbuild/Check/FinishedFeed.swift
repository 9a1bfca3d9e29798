import EpComposition
import EpCore
import EpDelivery
import EpEngine
import EpFiles
import EpTools

/// A feed that a show has delivered, or a single one of a person's.
struct FinishedFeed {
    let name: String
    private let path: String
    /// Where the files of its episodes may lie.
    private let directories: [String]

    static func isNamed(_ path: String) -> Bool { [".xml", ".rss"].contains { path.lowercased().hasSuffix($0) } }

    /// The feeds among paths: those that are named, and those of shows that are.
    static func all(_ paths: [String], _ composition: Composition) throws -> [FinishedFeed] {
        try paths.flatMap { path -> [FinishedFeed] in
            let absolute = composition.setting.absolute(path)
            if isNamed(path) { return [FinishedFeed(name: path, path: absolute, directories: Self.neighbours(of: absolute))] }
            guard FileStatus(absolute, followingLink: true)?.isDirectory == true else { return [] }
            var seen: Set<String> = []
            return try composition.episodes([path]).compactMap { place -> FinishedFeed? in
                // Of an episode that is named alone, nobody asks after its show.
                let feed = "\(place.show)/out/feed.xml"
                guard place.directory != absolute, seen.insert(feed).inserted, FileStatus(feed, followingLink: true)?.isRegular == true
                else { return nil }
                return FinishedFeed(name: composition.setting.shown(feed), path: feed, directories: Self.neighbours(of: feed))
            }
        }
    }

    /// A show's feed stands in its `out/`, its episodes beside that.
    private static func neighbours(of feed: String) -> [String] {
        let out = Path(feed).parent, show = Path(out).parent
        return [out] + Directory.names(show).sorted().map { "\(show)/\($0)/out" }
    }

    func findings(for platforms: [Platform]?) throws(Diagnostic) -> [Finding] {
        guard let bytes = try Files.read(path) else { throw Diagnostic(.badInput, "there is no \(name)") }
        return try FeedCheck(bytes, called: name) { file in
            guard !file.isEmpty, !file.contains("/") else { return [] }
            return directories.compactMap { FileStatus("\($0)/\(file)", followingLink: true) }.filter(\.isRegular).map { Int($0.size) }
        }.findings(for: platforms)
    }
}
