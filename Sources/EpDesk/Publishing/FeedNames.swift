import EpCore

/// What a feed names of the show's own files: its episodes' sounds, and all else that lies where they lie.
struct FeedNames {
    /// A file below the show, as a feed names it.
    struct File: Equatable {
        let path: Path
        /// In bytes, if the feed tells.
        let size: Int64?
    }

    /// In the order of the feed, each once.
    let files: [File]
    /// The directories of its episodes, below the show.
    let episodes: Set<Path>

    /// - Parameters:
    ///   - xml: of a feed.
    ///   - episodes: the directories of the show's episodes, below the show.
    init(_ xml: String, episodes: [Path]) {
        let tags = xml.split(separator: "<").map { Self.attributes(of: $0.prefix { $0 != ">" }) }
        let enclosures = tags.filter { $0.name == "enclosure" }.compactMap { $0["url"] }
        // Where the show lies on the web: what stands before the episodes' directories in all addresses.
        let places = enclosures.map { address in Set(episodes.compactMap { Self.base(of: address, in: $0) }) }
        let common = places.dropFirst().reduce(places.first ?? []) { $0.intersection($1) }
        guard let base = common.max(by: { $0.count < $1.count }) else {
            (files, self.episodes) = ([], [])
            return
        }
        var files: [File] = []
        for tag in tags {
            for address in [tag["url"], tag["href"]].compactMap({ $0 }) {
                guard let path = Self.path(of: address, below: base), Path(path).parts.contains("out"),
                    !files.contains(where: { $0.path == Path(path) })
                else { continue }
                files.append(File(path: Path(path), size: tag.name == "enclosure" ? tag["length"].flatMap { Int64($0) } : nil))
            }
        }
        self.files = files
        let named = enclosures.compactMap { Self.path(of: $0, below: base) }
        self.episodes = Set(episodes.filter { episode in named.contains { Path($0).below(Self.out(of: episode)) != nil } })
    }

    /// Where an episode's files lie, below the show.
    static func out(of episode: Path) -> String { episode.text.isEmpty ? "out" : "\(episode)/out" }

    private static func base(of address: String, in episode: Path) -> String? {
        let decoded = address.percentDecoded
        guard let range = decoded.ranges(of: "/\(out(of: episode))/").last else { return nil }
        return String(decoded[..<range.lowerBound])
    }

    private static func path(of address: String, below base: String) -> String? {
        let decoded = address.percentDecoded
        guard let below = Path(decoded).below(base) else { return nil }
        let path = String(below.prefix { $0 != "#" && $0 != "?" })
        return RelativePath.isClean(path) ? path : nil
    }

    private struct Tag {
        let name: String
        let attributes: [String: String]
        subscript(name: String) -> String? { attributes[name] }
    }

    private static func attributes(of tag: Substring) -> Tag {
        let pairs = tag.matches(of: /\s([a-z:]+)="([^"]*)"/).map { (String($0.output.1), unescaped($0.output.2)) }
        return Tag(name: String(tag.prefix { !$0.isWhitespace && $0 != "/" }), attributes: Dictionary(pairs) { first, _ in first })
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return String(text) }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")]
        return entities.reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}
