import EpCore

/// What was published at a place, kept there: a file that is in it and no longer of the show is told, and nothing else is ever removed.
///
/// A text: `<sha256>/<bytes> <path>` for what is there, `- <path>` for what is about to be put there, so that a killed run leaves nothing
/// that nobody
/// knows.
struct PublishedList: Equatable {
    static let path = "epbuild-published.txt"
    private static let head = "# What `epbuild publish` has put here, and of which show: "

    /// Who the show is; nil: a place where nothing has been published yet.
    var show: String?
    /// By path; nil: about to be put there.
    var files: [Path: Digest?] = [:]

    init(show: String? = nil) { self.show = show }

    /// Reads what is written there. What is no line of a list says nothing.
    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")).map({ String(decoding: $0, as: UTF8.self) }) {
            if line.hasPrefix(Self.head) {
                show = String(line.dropFirst(Self.head.count))
                continue
            }
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let path = Path(line: String(parts[1]))
            guard RelativePath.isClean(path.text) else { continue }
            if parts[0] == "-" { files[path] = .some(nil) } else if let digest = Digest(parsing: parts[0]) { files[path] = digest }
        }
    }

    var bytes: [UInt8] {
        let lines = files.sorted { $0.key < $1.key }.map { path, digest in "\(digest?.description ?? "-") \(path.line)\n" }
        return Array((Self.head + (show ?? "") + "\n" + lines.joined()).utf8)
    }

    /// What is there for certain.
    func digest(at path: Path) -> Digest? { files[path] ?? nil }
}
