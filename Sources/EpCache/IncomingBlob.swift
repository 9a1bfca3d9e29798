public import EpCore
import EpFiles

/// A blob that comes piece by piece, from somebody who says what it is: hashed while it is written, in constant memory.
///
/// Until it is published nobody sees it. If it is given up, or this process is killed, its file goes.
public struct IncomingBlob: ~Copyable {
    private let temporary: TemporaryFile
    private let file: File
    private var hasher = SHA256Hasher()

    fileprivate init(in process: ProcessDirectory) throws(Diagnostic) {
        temporary = TemporaryFile(in: process)
        file = try File.creating(temporary.path, mode: DiskCache.blobMode)
    }

    public mutating func append(_ bytes: some ContiguousBytes) throws(Diagnostic) {
        bytes.withBytes { hasher.update($0) }
        try file.write(all: bytes)
    }

    /// Whatever has come, under the digest that it has.
    public consuming func finish() -> StagedBlob {
        StagedBlob(digest: hasher.finalize(), file: temporary)
    }
}

extension DiskCache {
    public func receive() throws(Diagnostic) -> IncomingBlob { try IncomingBlob(in: writing.get().process) }
}
