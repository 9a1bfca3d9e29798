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
        /// Those written just now.
        var fresh: [String] = []
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
        for stage in planner.stages {
            guard let artifacts = planner.artifacts[stage.name] else { continue }
            if stage.isEditable, !artifacts.isEdited, let file = artifacts.files.first, let digest = digest(of: file) {
                try writeEditable(file, digest, sources, &written)
            }
            if planner.isDelivered(stage) {
                for (file, name) in Self.named(artifacts, of: stage) { try deliver(file, as: "out/\(name)", sources, &written) }
            }
        }
        for gate in planner.gates where !gate.state.isClosed {
            written.review[gate.subject.target] = try gate.subject.files.map { try show($0, of: gate.subject.target, &written) }
        }
        return written
    }

    /// What a stage delivers, with names below `out/`. Where items have files of the same name, each item has a directory.
    static func named(_ artifacts: StageArtifacts, of stage: StageDefinition) -> [(file: ArtifactRef, name: String)] {
        let files = artifacts.files
        guard Set(files.map(\.name)).count < files.count else { return files.map { ($0, $0.name) } }
        return artifacts.items.flatMap { item in item.files.map { ($0, "\(stage.name)/\(item.item ?? "")/\($0.name)") } }
    }

    func digest(of file: ArtifactRef) -> Digest? {
        switch file.source {
        case .literal(let bytes): Digest(of: bytes)
        case .file(let source): source.digest
        case .output(let step, let path): results[step.index]?[path]
        }
    }

    /// The lock names both the old and the new digest while the file is replaced, so that a crash in between
    /// leaves no file that looks like a person's edit.
    private func writeEditable(
        _ file: ArtifactRef, _ digest: Digest, _ sources: SourceFiles, _ written: inout Written
    ) throws {
        let path = "\(unit.episode.directory)/\(file.name)"
        written.files.append(path)
        let current = try Files.read(path).map { Digest(of: $0).hex }
        if current == digest.hex {
            try lockFile.update { $0.files[file.name] = [digest.hex] }
            return sources.forget(lockFile.path)
        }
        var isEdited = false
        try lockFile.update { lock in
            // Changed by a person since the plan looked at it: the next build sees the edit.
            isEdited = current.map { lock.files[file.name]?.contains($0) != true } ?? false
            if !isEdited { lock.files[file.name] = [current, digest.hex].compactMap { $0 } }
        }
        if isEdited { return }
        guard try copy(digest, file, to: path) else { return written.damaged = "blob \(digest.short) is damaged" }
        try lockFile.update { $0.files[file.name] = [digest.hex] }
        try sources.wrote(path, digest)
        sources.forget(lockFile.path)
        written.fresh.append(path)
    }

    /// - Parameter name: where it goes, relative to the episode.
    func deliver(_ file: ArtifactRef, as name: String, _ sources: SourceFiles, _ written: inout Written) throws {
        guard let digest = digest(of: file) else { return }
        let path = "\(unit.episode.directory)/\(name)"
        written.files.append(path)
        written.outputs.append(name)
        if try sources.file(path)?.digest == digest { return }
        guard try copy(digest, file, to: path) else { return written.damaged = "blob \(digest.short) is damaged" }
        try sources.wrote(path, digest)
        written.fresh.append(path)
    }

    /// Where a person can read or hear what is to be decided: in the episode, or else in a copy below `.epbuild/`.
    private func show(_ file: ArtifactRef, of target: Target, _ written: inout Written) throws -> String {
        if case .file(let source) = file.source { return source.path }
        for path in ["\(unit.episode.directory)/\(file.name)", "\(unit.episode.directory)/out/\(file.name)"] where written.files.contains(path) { return path }
        let item = target.item.map { "/\($0.replacing("/", with: "%"))" } ?? ""
        let path = "\(unit.place.stateDirectory)/gates/\(unit.place.stateName)/\(target.stage)\(item)/\(file.name)"
        guard let digest = digest(of: file) else { return path }
        if try !copy(digest, file, to: path) { written.damaged = "blob \(digest.short) is damaged" }
        return path
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
