import EpCore
import EpFiles
import EpPlan
import Glibc

/// What epbuild has put into an `out/`: a file that is still as it says is epbuild's to replace or take away, any other is a person's.
///
/// It lies in `out/` itself, so that it goes wherever the episode goes: copied, renamed, cloned, or built with another cache.
/// What is about to be delivered is written down first, so a build that is killed leaves nothing that nobody takes away.
struct DeliveryRecord {
    /// By the path below `out/`: SHA-256 of all that may stand there.
    private(set) var digests: [Path: Set<String>] = [:]
    private let path: String
    private var written: String?

    static func path(of place: EpisodePlace) -> String {
        "\(place.directory)/out/\(place.isShow ? DeliveryMark.show : DeliveryMark.episode)"
    }

    /// - Parameter known: what the last build delivered, as far as its memo tells, should the record be lost or damaged.
    init(of place: EpisodePlace, known: [Path: Digest] = [:]) throws(Diagnostic) {
        path = Self.path(of: place)
        digests = known.mapValues { [$0.hex] }
        guard let bytes = try Files.read(path) else { return }
        written = String(decoding: bytes, as: UTF8.self)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
            // Nothing else is ever removed, whatever the record says: a comment and a merge's marks are no digests.
            guard parts.count == 2, Digest(hex: parts[0], size: 0) != nil else { continue }
            let name = Path(line: parts[1])
            if RelativePath.isClean(name.text) { digests[name, default: []].insert(parts[0]) }
        }
    }

    /// True if this is what epbuild has delivered there, or was about to.
    func has(_ digest: Digest, at name: Path) -> Bool { digests[name]?.contains(digest.hex) == true }

    mutating func add(_ digest: Digest, at name: Path) { digests[name, default: []].insert(digest.hex) }

    /// Only this stands there from now on; nil: nothing of epbuild's.
    mutating func set(_ digest: Digest?, at name: Path) { digests[name] = digest.map { [$0.hex] } }

    /// Writes it down, if it says anything new.
    mutating func write() throws(Diagnostic) {
        let lines = digests.sorted { $0.key < $1.key }.flatMap { name, digests in digests.sorted().map { "\($0) \(name.line)\n" } }
        if lines.isEmpty {
            if written != nil { unlink(path) }
            return written = nil
        }
        let text = "# What epbuild has delivered here. A file that is not as it says is a person's, and is kept.\n" + lines.joined()
        guard text != written else { return }
        try Files.makeDirectory(above: path)
        try Files.replace(path, with: Array(text.utf8), durably: true)
        written = text
    }
}
