import EpCache
public import EpCore
import EpFiles
import EpPlan

/// A text of an episode that a person may change: one that stands in the episode's directory and that the plan names.
public struct EpisodeText: Sendable {
    public enum Origin: String, Sendable {
        /// A person has written it.
        case source
        /// It is as it was generated.
        case generated
        /// It was generated, and a person has changed it.
        case edited
    }

    public let target: Target
    /// Relative to the episode.
    public let file: String
    public let origin: Origin
    /// Of its bytes as they are now.
    public let digest: Digest
    public let bytes: [UInt8]

    public init(target: Target, file: String, origin: Origin, digest: Digest, bytes: [UInt8]) {
        (self.target, self.file, self.origin, self.digest, self.bytes) = (target, file, origin, digest, bytes)
    }
}

extension Builder {
    /// The texts that a person may change, in the order of the pipeline. What is no UTF-8 is none.
    public func texts(in inspection: Inspection) throws(Diagnostic) -> [EpisodeText] {
        let planner = inspection.pass.planner
        var (found, seen) = ([EpisodeText](), Set<Path>())
        for stage in planner.stages {
            for item in planner.items(of: stage.name) {
                let target = Target(stage: stage.name, item: item.item)
                let places = planner.texts[target].map { [($0.file, $0.isEdited ? EpisodeText.Origin.edited : .generated)] }
                    ?? item.files.compactMap { Self.source($0, inspection.place).map { ($0, .source) } }
                for (file, origin) in places where seen.insert(Path(file)).inserted {
                    guard let bytes = try Files.read("\(inspection.place.directory)/\(file)"),
                        String(validating: bytes, as: UTF8.self) != nil
                    else { continue }
                    found.append(EpisodeText(target: target, file: file, origin: origin, digest: Digest(of: bytes), bytes: bytes))
                }
            }
        }
        return found
    }

    /// Where a person's own file stands in the episode; nil for one that other episodes have, too.
    private static func source(_ artifact: ArtifactRef, _ place: EpisodePlace) -> String? {
        guard case .file(let source) = artifact.source, let file = Path(source.path).below(place.directory) else { return nil }
        return Path(file).parts.contains { $0 == ".." || $0 == "" } ? nil : file
    }

    /// Writes a person's text in place of the one that the person has read.
    /// - Throws: `Diagnostic` (usage) if another stands there now: nothing of anybody is overwritten.
    public func save(_ bytes: [UInt8], over text: EpisodeText, at place: EpisodePlace) throws(Diagnostic) {
        guard try DiskCache.write(bytes, to: PersonalFile.place("\(place.directory)/\(text.file)"), over: text.digest) else {
            throw Diagnostic(.usage, "\(text.file) has been changed meanwhile", remedy: "read it again, and bring both together")
        }
    }

    /// A blob of the cache, to read stretches of it, after all of its bytes have been checked; nil if it is missing or damaged.
    /// - Parameter hex: 64 lower-case hexadecimal digits; nothing else is looked for.
    public func blob(sha256 hex: String) throws(Diagnostic) -> (any RandomAccessBytes & Sendable)? {
        guard let digest = cache.blob(sha256: hex) else { return nil }
        return try cache.open(digest)
    }
}
