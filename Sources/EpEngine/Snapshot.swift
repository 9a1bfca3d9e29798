import EpCache
import EpCore
import EpPlan

/// The files that an episode was built from, kept in the cache, so that a rollback can put them back.
///
/// It is stored like a result: the manifest and every file are its outputs, so that trimming, verifying and healing treat it alike.
struct Snapshot {
    struct File: Equatable {
        /// `episode/…`, `show/…` or `workspace/…`, and the path below that directory.
        let path: String
        let digest: Digest
    }

    /// Sorted by path.
    let files: [File]

    private static let manifest = "manifest"
    /// What is larger is only remembered by its digest: recordings are not copied into the cache.
    static let largestFile: Int64 = 16 << 20
    /// An episode of more files than this is a data set, which its owner keeps elsewhere.
    static let mostFiles = 5_000

    /// - Returns: nil if there are too many files to keep.
    init?(of sources: SourceFiles, at place: EpisodePlace) {
        var found: [File] = []
        for (path, record) in sources.files.all {
            guard let record, let name = Self.name(path.text, place) else { continue }
            guard found.count < Self.mostFiles else { return nil }
            found.append(File(path: name, digest: record.digest))
        }
        files = found.sorted { Path($0.path) < Path($1.path) }
    }

    /// A file's name in a snapshot; nil for what is made by a build, and for files outside of the workspace.
    static func name(_ path: String, _ place: EpisodePlace) -> String? {
        let path = Path(path)
        if let name = path.below(place.directory) { return Path(name).below("out") == nil ? "episode/\(name)" : nil }
        if path.below(place.stateDirectory) != nil { return nil }
        return path.below(place.show).map { "show/\($0)" } ?? path.below(place.workspace).map { "workspace/\($0)" }
    }

    /// True for the name of a file that lies in the episode.
    static func isOfEpisode(_ name: String) -> Bool { Path(name).below("episode") != nil }

    static func path(of name: String, _ place: EpisodePlace) -> String? {
        let (name, homes) = (Path(name), ["episode": place.directory, "show": place.show, "workspace": place.workspace])
        return homes.lazy.compactMap { home, directory in name.below(home).map { "\(directory)/\($0)" } }.first
    }

    private var text: [UInt8] { Array("epbuild snapshot 1\n".utf8) + files.flatMap { Array("\($0.digest) \(Path($0.path).line)\n".utf8) } }

    /// Puts the files into the cache, as they are on disk now.
    /// - Returns: where the snapshot is kept; nil if a file has changed since it was looked at.
    func store(in cache: DiskCache, from place: EpisodePlace) async throws -> ActionDigest? {
        let address = ActionDigest(Digest(of: text))
        if case .hit = cache.lookup(address, requiring: [Self.manifest]) { return address }
        let kept = files.filter { $0.digest.size <= Self.largestFile }
        let missing = Set(try await cache.missing(of: Array(Set(kept.map(\.digest)))))
        var staged = [try cache.stage(bytes: text)]
        var seen: Set<Digest> = []
        for file in kept where missing.contains(file.digest) && seen.insert(file.digest).inserted {
            guard let path = Self.path(of: file.path, place) else { continue }
            let blob = try cache.stage(file: path, movingIt: false)
            guard blob.digest == file.digest else { return nil }
            staged.append(blob)
        }
        let outputs =
            [ActionResult.Output(path: Self.manifest, digest: Digest(of: text))]
            + kept.map { .init(path: "files/\($0.path)", digest: $0.digest) }
        _ = try await cache.publish(ActionResult(outputs: outputs, servedBy: "epbuild"), for: address, blobs: staged)
        return address
    }

    /// - Returns: nil if the cache does not have it whole any more.
    init?(_ address: ActionDigest, in cache: DiskCache) throws {
        guard case .hit(let result) = cache.lookup(address, requiring: [Self.manifest]), let manifest = result[Self.manifest],
            let bytes = try cache.bytes(manifest)
        else { return nil }
        // By bytes: an accent after a space or a line end makes another character of it.
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard lines.first?.elementsEqual("epbuild snapshot 1".utf8) == true else { return nil }
        files = lines.dropFirst().compactMap { line in
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard parts.count == 2, let digest = Digest(parsing: String(decoding: parts[0], as: UTF8.self)) else { return nil }
            return File(path: Path(line: String(decoding: parts[1], as: UTF8.self)).text, digest: digest)
        }
    }
}
