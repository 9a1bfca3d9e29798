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

    struct Written {
        /// Absolute paths of all files that stand for artifacts now, whether written just now or before.
        var files: [String] = []
        /// Those written just now.
        var fresh: [String] = []
        /// Files in `out/`, relative to the episode.
        var outputs: [String] = []
        /// A blob was gone: the build needs another pass.
        var damaged: String?
    }

    /// - Parameter lock: gets the digests of the texts that are written.
    func write(_ lock: inout EpisodeLock, sources: SourceFiles) throws -> Written {
        var written = Written()
        for stage in planner.stages {
            guard let artifacts = planner.artifacts[stage.name], !artifacts.isEdited else { continue }
            if stage.isEditable, let file = artifacts.files.first, let digest = digest(of: file) {
                try writeEditable(file, digest, &lock, sources, &written)
            }
            if planner.isDelivered(stage) {
                for file in artifacts.files { try deliver(file, sources, &written) }
            }
        }
        return written
    }

    private func digest(of file: ArtifactRef) -> Digest? {
        switch file.source {
        case .literal(let bytes): Digest(of: bytes)
        case .file(let source): source.digest
        case .output(let step, let path): results[step.index]?[path]
        }
    }

    /// The lock names both the old and the new digest while the file is replaced, so that a crash in between
    /// leaves no file that looks like a person's edit.
    private func writeEditable(
        _ file: ArtifactRef, _ digest: Digest, _ lock: inout EpisodeLock, _ sources: SourceFiles, _ written: inout Written
    ) throws {
        let path = "\(unit.episode.directory)/\(file.name)"
        written.files.append(path)
        let current = try Files.read(path).map { Digest(of: $0).hex }
        if current == digest.hex {
            if lock.files[file.name] != [digest.hex] {
                lock.files[file.name] = [digest.hex]
                try save(lock)
                sources.forget(lockPath)
            }
            return
        }
        // Changed by a person since the plan looked at it: the next build sees the edit.
        if let current, lock.files[file.name]?.contains(current) != true { return }
        lock.files[file.name] = [current, digest.hex].compactMap { $0 }
        try save(lock)
        guard try copy(digest, file, to: path) else { return written.damaged = "blob \(digest.short) is damaged" }
        lock.files[file.name] = [digest.hex]
        try save(lock)
        sources.forget(path)
        sources.forget(lockPath)
        written.fresh.append(path)
    }

    private func deliver(_ file: ArtifactRef, _ sources: SourceFiles, _ written: inout Written) throws {
        guard let digest = digest(of: file) else { return }
        let name = "out/\(file.name)"
        let path = "\(unit.episode.directory)/\(name)"
        written.files.append(path)
        written.outputs.append(name)
        if try sources.file(path)?.digest == digest { return }
        guard try copy(digest, file, to: path) else { return written.damaged = "blob \(digest.short) is damaged" }
        sources.forget(path)
        written.fresh.append(path)
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

    private var lockPath: String { "\(unit.episode.directory)/\(EpisodeLock.fileName)" }

    private func save(_ lock: EpisodeLock) throws {
        try Files.replace(lockPath, with: Array(lock.text.utf8), durably: true)
    }
}
