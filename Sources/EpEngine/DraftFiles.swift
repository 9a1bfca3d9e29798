import EpCache
import EpCore
import EpPlan
import Glibc

/// What the last draft of an episode has put into its `out/`: the next whole build takes it away.
///
/// Kept below `.epbuild/drafts/`, a line for each file: its SHA-256 and its path in the episode.
struct DraftFiles {
    private let place: EpisodePlace
    private(set) var digests: [String: String] = [:]

    static func path(of place: EpisodePlace) -> String { "\(place.stateDirectory)/drafts/\(place.stateName)" }

    /// The files on record; none if there was no draft.
    init(of place: EpisodePlace) throws(Diagnostic) {
        self.place = place
        guard let bytes = try Files.read(Self.path(of: place)) else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            // Nothing else is ever removed, whatever the record says.
            guard parts.count == 2, parts[1].hasPrefix("out/"), RelativePath.isClean(parts[1]), DraftMark.isMarked(parts[1]) else { continue }
            digests[parts[1]] = parts[0]
        }
    }

    /// Puts files on record before they are written, beside those of the draft before.
    mutating func add(_ files: [String: Digest]) throws(Diagnostic) {
        digests.merge(files.mapValues(\.hex)) { $1 }
        let text = digests.sorted { $0.key < $1.key }.map { "\($1) \($0)\n" }.joined()
        let path = Self.path(of: place)
        try StateFile.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Files.replace(path, with: Array(text.utf8))
    }

    /// Removes the files that are still as epbuild wrote them, and their record.
    /// - Parameter kept: files that stay, and stay on record.
    mutating func remove(except kept: [String: Digest] = [:]) throws(Diagnostic) {
        for (name, digest) in digests where kept[name] == nil {
            let path = "\(place.directory)/\(name)"
            if let found = try? FileDigest.compute(path), found.hex == digest { unlink(path) }
        }
        digests = [:]
        if kept.isEmpty { unlink(Self.path(of: place)) } else { try add(kept) }
    }
}
