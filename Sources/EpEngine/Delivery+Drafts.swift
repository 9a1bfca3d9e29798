import EpCore
import EpPlan

/// What a draft delivers: files in `out/` under names of their own, and nothing else.
extension Delivery {
    /// Neither a text in the episode nor the lock is touched, and no finished file.
    /// - Parameter isWhole: false if only a part was asked for or come to: the rest of the draft before stays.
    func writeDraft(sources: SourceFiles, isWhole: Bool) throws -> Written {
        var written = Written()
        var files: [(file: ArtifactRef, name: String)] = []
        for stage in planner.stages where planner.isDelivered(stage) {
            guard let artifacts = planner.artifacts[stage.name] else { continue }
            files += Self.named(artifacts, of: stage).map { ($0.file, "out/\(DraftMark.marked($0.name))") }
        }
        let digests = Dictionary(files.compactMap { file, name in digest(of: file).map { (name, $0) } }) { $1 }
        var record = try DraftFiles(of: unit.place)
        // On record first: a draft that is killed leaves nothing that nobody takes away.
        if !digests.isEmpty { try record.add(digests) }
        for (file, name) in files { try deliver(file, as: name, sources, &written) }
        try look(at: written, sources)
        if isWhole { try record.remove(except: digests) }
        return written
    }
}
