import EpCore
import EpDelivery
import EpFiles
import EpTools

/// A feed that a show has delivered, or a single one of a person's.
struct FinishedFeed: Sendable {
    /// As the person names it.
    let name: String
    private let path: String
    /// Where the files of its episodes may lie.
    private let directories: [String]

    static func isNamed(_ path: String) -> Bool { [".xml", ".rss"].contains { path.lowercased().hasSuffix($0) } }

    init(_ name: String, at path: String) { (self.name, self.path, directories) = (name, path, Self.neighbours(of: path)) }

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
