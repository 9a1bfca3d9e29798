import EpCore
import EpEngine

/// What is to be published of a show, and what becomes of what was published before: a value without I/O.
struct Publication {
    /// A file of this machine, and where it goes.
    struct File: Equatable {
        /// Below the place.
        let path: Path
        let source: String
        let digest: Digest
    }

    /// An episode of the show, with what is delivered of it.
    struct Part {
        /// Below the show; empty: the show itself.
        let directory: Path
        let files: [File]
        /// Whether a person asked for it.
        let isAskedFor: Bool
    }

    /// Without the feeds.
    let files: [File]
    /// They come last: what they name is there by then.
    let feeds: [File]
    /// Episodes that were asked for and that no feed names.
    let unnamed: [Path]
    /// Published before, and of no episode that a feed names.
    let stale: [Path]

    /// - Parameters:
    ///   - names: what the feeds name; nil: the show has none, and all that is asked for is published.
    ///   - before: what was published.
    /// - Throws: `Diagnostic` if a feed names what is neither here nor there.
    init(_ parts: [Part], show: [File], feeds: [File], names: FeedNames?, before: PublishedList, shownAs title: String) throws(Diagnostic) {
        let named = parts.filter { names?.episodes.contains($0.directory) ?? true }
        files = named.filter(\.isAskedFor).flatMap(\.files) + show
        self.feeds = feeds
        unnamed = parts.filter { part in part.isAskedFor && !named.contains { $0.directory == part.directory } }.map(\.directory)
        let here = Dictionary((files + feeds).map { ($0.path, $0.digest) }) { first, _ in first }
        // What belongs to an episode that nobody asked for stays as it is there.
        let others = named.filter { !$0.isAskedFor }.map { FeedNames.out(of: $0.directory) }
        stale = before.files.keys.filter { path in here[path] == nil && !others.contains { path.below($0) != nil } }.sorted()
        for name in names?.files ?? [] {
            try Self.check(name, here[name.path] ?? before.digest(at: name.path), isHere: here[name.path] != nil, title)
        }
    }

    private static func check(_ name: FeedNames.File, _ digest: Digest?, isHere: Bool, _ title: String) throws(Diagnostic) {
        guard let digest else {
            throw Diagnostic(
                .badInput, "the feed names \(name.path), which is neither built here nor published: nothing was published",
                remedy: "build the show and publish all of it: epbuild \(title) && epbuild publish \(title)")
        }
        guard let size = name.size, size != digest.size else { return }
        let remedy =
            isHere
            ? "build the show, so that the feed tells of it as it is: epbuild \(title)"
            : "publish all of the show: epbuild publish \(title)"
        throw Diagnostic(
            .badInput, "the feed says that \(name.path) has \(size) bytes, and it has \(digest.size): nothing was published", remedy: remedy
        )
    }
}
