public import EpCore

/// A blob that is written, or found to be there already, but that no result names yet.
/// If it is never published, its file goes away with the last copy of this value.
public struct StagedBlob: Sendable {
    public let digest: Digest
    /// Nil if the blob stands in the cache already.
    let file: TemporaryFile?
}
