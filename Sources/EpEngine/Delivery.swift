import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc

/// Writes what a person gets to see: editable texts into the episode, finished files into its `out/`.
struct Delivery {
    let cache: DiskCache
    let unit: BuildUnit
    let planner: Planner
    let results: [ActionResult?]
    let lockFile: LockFile
    /// What the last build delivered, by the path below `out/`, as far as its memo tells.
    let lastDelivered: [Path: Digest]

    struct Written {
        /// Absolute paths of all files that stand for artifacts now, whether written just now or before.
        var files: [String] = []
        /// Where a person finds an artifact.
        var places: [ArtifactSource: String] = [:]
        /// Those written just now.
        var fresh: [(path: String, digest: Digest)] = []
        /// Files of this build in `out/`, relative to the episode.
        var outputs: [String] = []
        /// What stands in `out/` as it was delivered, by its path below it.
        var delivered: [Path: Digest] = [:]
        /// Files in `out/` that somebody has changed, relative to the episode: they stand as they are.
        var kept: [String] = []
        /// A blob was gone: the build needs another pass.
        var damaged: String?
        /// Artifacts that wait for a decision, as absolute paths, by target.
        var review: [Target: [String]] = [:]
    }

    /// The lock gets the digests of the texts that are written.
    func write(sources: SourceFiles) throws -> Written {
        var written = Written()
        try writeTexts(sources, &written)
        try deliver(planner.deliveries, sources, &written)
        for gate in planner.gates where !gate.state.isClosed {
            written.review[gate.subject.target] = try gate.subject.files.map { try show($0, of: gate.subject.target, &written) }
        }
        try look(at: written, sources)
        return written
    }

    func digest(of file: ArtifactRef) -> Digest? {
        switch file.source {
        case .literal(let bytes): Digest(of: bytes)
        case .file(let source): source.digest
        case .output(let step, let path): results[step.index]?[path]
        }
    }

    /// Puts finished files into `out/`. They are on record before the first of them is written.
    func deliver(_ files: [DeliveredFile], _ sources: SourceFiles, _ written: inout Written) throws {
        let known = files.compactMap { file in digest(of: file.file).map { (file: file, digest: $0) } }
        var before = try DeliveryRecord(of: unit.place, known: lastDelivered)
        try lockFile.alone {
            before = try DeliveryRecord(of: unit.place, known: lastDelivered)
            var record = before
            for (file, digest) in known { record.add(digest, at: file.name) }
            try record.write()
        }
        for (file, digest) in known where written.damaged == nil { try deliver(file, digest, ifStill: before, sources, &written) }
    }

    /// Takes away what is not delivered any more, and keeps on record what is.
    /// - Parameter isConcerned: true of the files that may go, by their paths below `out/`.
    func removeStale(except written: Written, where isConcerned: (Path) -> Bool = { _ in true }) throws -> StaleFiles {
        var stale = StaleFiles(of: unit.place)
        try lockFile.alone {
            try stale.remove(except: written, from: DeliveryRecord(of: unit.place, known: lastDelivered), where: isConcerned)
        }
        return stale
    }

    /// - Parameter record: what had been delivered before. Something else at its place is a person's, and stays.
    private func deliver(
        _ delivery: DeliveredFile, _ digest: Digest, ifStill record: DeliveryRecord, _ sources: SourceFiles, _ written: inout Written
    ) throws {
        let output = "out/\(delivery.name)"
        let path = "\(unit.episode.directory)/\(output)"
        written.files.append(path)
        let current = try sources.file(path)?.digest
        if current != digest, let current, !record.has(current, at: delivery.name) || FileStatus(path)?.isRegular != true {
            return written.kept.append(output)
        }
        written.outputs.append(output)
        if written.places[delivery.file.source] == nil { written.places[delivery.file.source] = path }
        if current == digest {
            if setMode(of: path, delivery.file) { sources.forget(path) }
            return written.delivered[delivery.name] = digest
        }
        switch try copy(digest, delivery.file, to: path, over: current) {
        case .written:
            sources.forget(path)
            written.fresh.append((path, digest))
            written.delivered[delivery.name] = digest
        case .changedMeanwhile:
            sources.forget(path)
            // Another build may have been quicker, with the same file or with another of its own.
            guard let found = try sources.file(path)?.digest, found != digest else { return written.delivered[delivery.name] = digest }
            if try DeliveryRecord(of: unit.place).has(found, at: delivery.name) { return }
            written.outputs.removeLast()
            written.kept.append(output)
        case .damaged: written.damaged = "blob \(digest.short) is damaged"
        }
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
        try StateFile.makeDirectory(Path(path).parent)
        // What is shown is a copy: whatever is there goes.
        let current = try Files.read(path).map { Digest(of: $0) }
        if current != digest, case .damaged = try copy(digest, file, to: path, over: current) {
            written.damaged = "blob \(digest.short) is damaged"
        }
        return path
    }

    /// Where a copy is put for a person who is to decide about a target. Of a gate on a whole stage, each item has a place.
    static func reviewPath(of file: ArtifactRef, _ target: Target, _ planner: Planner, _ place: EpisodePlace) -> String {
        let item = target.item ?? planner.items(of: target.stage).first { $0.files.contains(file) }?.item
        let directory = item.map { "/\(EpisodePlace.flat($0))" } ?? ""
        return "\(place.stateDirectory)/gates/\(place.stateName)/\(target.stage)\(directory)/\(file.name)"
    }

    /// - Parameter expected: what stands there.
    private func copy(_ digest: Digest, _ file: ArtifactRef, to path: String, over expected: Digest?) throws -> DiskCache.CopyOutcome {
        let outcome = try put(digest, of: file.source, at: path, over: expected)
        if case .written = outcome { chmod(path, isExecutable(file) ? 0o755 : 0o644) }
        return outcome
    }

    /// Puts a file where there still is what is expected.
    /// - Parameter expected: what stands there; nil: no file.
    func put(_ digest: Digest, of source: ArtifactSource, at path: String, over expected: Digest?) throws -> DiskCache.CopyOutcome {
        let bytes: [UInt8]
        switch source {
        case .output: return try cache.copyOut(digest, to: path, over: expected)
        case .literal(let literal): bytes = literal
        case .file(let file): bytes = try Files.read(file.path) ?? []
        }
        return try DiskCache.write(bytes, to: path, over: expected) ? .written : .changedMeanwhile
    }

    private func isExecutable(_ file: ArtifactRef) -> Bool {
        guard case .output(let step, let path) = file.source else { return false }
        return results[step.index]?.output(path)?.isExecutable ?? false
    }

    /// - Returns: true if it had another mode.
    private func setMode(of path: String, _ file: ArtifactRef) -> Bool {
        guard (access(path, X_OK) == 0) != isExecutable(file) else { return false }
        return chmod(path, isExecutable(file) ? 0o755 : 0o644) == 0
    }
}
