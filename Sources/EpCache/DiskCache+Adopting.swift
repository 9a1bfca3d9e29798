public import EpCore

/// Results of other machines that came before those of this one, and take their place.
extension DiskCache {
    /// Puts a result that a shared cache had first in place of the one that stands here, in one step.
    ///
    /// The mark changes before and after: so every build notices that read the mark before it looked the old result up,
    /// also if this process is killed in between.
    /// - Parameter blobs: those that the result names and the cache did not have.
    public func adopt(_ result: ActionResult, for action: ActionDigest, blobs: [StagedBlob]) async throws(Diagnostic) {
        try changeAdoptionMark()
        _ = try await publish(result, for: action, blobs: blobs, replacing: true)
        try changeAdoptionMark()
    }

    /// A file that is another one after each adoption; not there before the first. What was built earlier, of any episode, may have
    /// come from a result that no longer stands.
    public var adoptionMark: String { layout.adoptionMark }

    private func changeAdoptionMark() throws(Diagnostic) {
        try write(Array("\(UInt64.random(in: .min ... .max))\n".utf8), to: adoptionMark)
    }
}
