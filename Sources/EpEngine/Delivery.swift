import EpCache
import EpCore
import EpPlan
import Glibc

/// Writes what a person gets to see: editable texts into the episode, finished files into its `out/`.
struct Delivery {
    let cache: DiskCache
    let unit: BuildUnit
    let planner: Planner
    let results: [ActionResult?]
    let lockFile: LockFile

    struct Written {
        /// Absolute paths of all files that stand for artifacts now, whether written just now or before.
        var files: [String] = []
        /// Where a person finds an artifact.
        var places: [ArtifactSource: String] = [:]
        /// Those written just now.
        var fresh: [(path: String, digest: Digest)] = []
        /// Files in `out/`, relative to the episode.
        var outputs: [String] = []
        /// A blob was gone: the build needs another pass.
        var damaged: String?
        /// Artifacts that wait for a decision, as absolute paths, by target.
        var review: [Target: [String]] = [:]
    }

    /// The lock gets the digests of the texts that are written.
    func write(sources: SourceFiles) throws -> Written {
        var written = Written()
        try writeTexts(sources, &written)
        for stage in planner.stages where planner.isDelivered(stage) {
            guard let artifacts = planner.artifacts[stage.name] else { continue }
            for (file, name) in Self.named(artifacts, of: stage) { try deliver(file, as: "out/\(name)", sources, &written) }
        }
        for gate in planner.gates where !gate.state.isClosed {
            written.review[gate.subject.target] = try gate.subject.files.map { try show($0, of: gate.subject.target, &written) }
        }
        try look(at: written, sources)
        return written
    }

    /// What a stage delivers, with names below `out/`: each item of a fan-out has a directory, whatever other items there are.
    static func named(_ artifacts: StageArtifacts, of stage: StageDefinition) -> [(file: ArtifactRef, name: String)] {
        artifacts.items.flatMap { item in item.files.map { ($0, name(of: $0, item: item.item, in: stage.name)) } }
    }

    static func name(of file: ArtifactRef, item: String?, in stage: StageName) -> String {
        (item.map { "\(stage)/\($0)/" } ?? "") + file.name
    }

    func digest(of file: ArtifactRef) -> Digest? {
        switch file.source {
        case .literal(let bytes): Digest(of: bytes)
        case .file(let source): source.digest
        case .output(let step, let path): results[step.index]?[path]
        }
    }

    /// - Parameter name: where it goes, relative to the episode.
    func deliver(_ file: ArtifactRef, as name: String, _ sources: SourceFiles, _ written: inout Written) throws {
        guard let digest = digest(of: file) else { return }
        let path = "\(unit.episode.directory)/\(name)"
        written.files.append(path)
        written.outputs.append(name)
        if written.places[file.source] == nil { written.places[file.source] = path }
        if try sources.file(path)?.digest == digest { return }
        guard try copy(digest, file, to: path) else { return written.damaged = "blob \(digest.short) is damaged" }
        sources.forget(path)
        written.fresh.append((path, digest))
    }

    /// Looks at what was written, all at once: a file can be told from a later one only when the clock has moved on.
    func look(at written: Written, _ sources: SourceFiles) throws {
        for (path, digest) in written.fresh { try sources.wrote(path, digest) }
    }

    /// Where a person can read or hear what is to be decided: in the episode, or else in a copy below `.epbuild/`.
    private func show(_ file: ArtifactRef, of target: Target, _ written: inout Written) throws -> String {
        if case .file(let source) = file.source { return source.path }
        if let path = written.places[file.source] { return path }
        let path = Self.reviewPath(of: file, target, planner, unit.place)
        guard let digest = digest(of: file) else { return path }
        if try !copy(digest, file, to: path) { written.damaged = "blob \(digest.short) is damaged" }
        return path
    }

    /// Where a copy is put for a person who is to decide about a target. Of a gate on a whole stage, each item has a place.
    static func reviewPath(of file: ArtifactRef, _ target: Target, _ planner: Planner, _ place: EpisodePlace) -> String {
        let item = target.item ?? planner.artifacts[target.stage]?.items.first { $0.files.contains(file) }?.item
        let directory = item.map { "/\($0.replacing("/", with: "%"))" } ?? ""
        return "\(place.stateDirectory)/gates/\(place.stateName)/\(target.stage)\(directory)/\(file.name)"
    }

    private func copy(_ digest: Digest, _ file: ArtifactRef, to path: String) throws -> Bool {
        if case .output = file.source {
            guard try cache.copyOut(digest, to: path, executable: false) else { return false }
            chmod(path, 0o644)
            return true
        }
        try Files.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        switch file.source {
        case .literal(let bytes): try Files.replace(path, with: bytes)
        case .file(let source): try Files.replace(path, with: Files.read(source.path) ?? [])
        case .output: break
        }
        return true
    }
}
