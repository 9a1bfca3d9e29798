import EpCore
import EpPlan

/// What a draft delivers: files in `out/` under names of their own, and nothing else.
extension Delivery {
    /// Neither a text in the episode nor the lock is touched, and no finished file.
    /// - Parameter isWhole: false if only a part was asked for or come to: the rest of the draft before stays.
    func writeDraft(sources: SourceFiles, isWhole: Bool) throws -> Written {
        var written = Written()
        let files = planner.deliveries.map { DeliveredFile(file: $0.file, name: Path(DraftMark.marked($0.name.text))) }
        try deliver(files, sources, &written)
        try look(at: written, sources)
        if isWhole, written.damaged == nil { _ = try removeStale(except: written) { DraftMark.isMarked($0.text) } }
        return written
    }
}
