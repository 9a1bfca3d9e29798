import EpCore
import EpFiles
import FoundationEssentials
import Glibc
import RemoteAPI
import SwiftProtobuf
import Synchronization

/// A blob of any size on its way from a gRPC server, as messages of a `ByteStream.Read`, into a new file, in constant memory.
final class BlobDownload: Sendable {
    private struct Progress: ~Copyable {
        var file: OpenFile
        var frames = GRPCFrames()
        var hasher = SHA256Hasher()
        var received: Int64 = 0
        var failure: FileError?
        /// Nil: the bytes come as they are.
        var expander: ZstdExpander?
        /// It is no blob that comes, or more than it.
        var isRefused = false
    }

    private let blob: Digest
    private let path: String
    private let isCompressed: Bool
    private let progress: Mutex<Progress>

    init(_ blob: Digest, to path: String, isCompressed: Bool = false) throws(FileError) {
        self.blob = blob
        self.path = path
        self.isCompressed = isCompressed
        progress = Mutex(Progress(file: try OpenFile(creating: path)))
    }

    /// How much of it has arrived: where a call that follows a broken one goes on.
    var received: Int64 { progress.withLock { $0.received } }

    /// What kept the file from being written.
    var failure: FileError? { progress.withLock { $0.failure } }

    /// Whether what came was refused: it shows when the whole is looked at.
    var isRefused: Bool { progress.withLock { $0.isRefused } }

    /// A call begins: what a broken one has left of a message does not count.
    func begin() {
        progress.withLock { progress in
            progress.frames = GRPCFrames()
            if isCompressed { progress.expander = ZstdExpander() }
        }
    }

    /// - Returns: false for what cannot be a part of the blob, and for trouble on this machine.
    func take(_ piece: [UInt8]) -> Bool {
        progress.withLock { progress in
            guard let messages = try? progress.frames.read(piece) else { return false }
            for message in messages {
                guard let answer = try? Google_Bytestream_ReadResponse(serializedBytes: Array(message)) else { return false }
                guard take(answer.data, &progress) else { return false }
            }
            return true
        }
    }

    private func take(_ data: Data, _ progress: inout Progress) -> Bool {
        data.withUnsafeBytes { bytes in
            guard isCompressed else { return write(bytes, &progress) }
            guard let expander = progress.expander, let isTaken = try? expander.expand(bytes, { write($0, &progress) }) else {
                progress.isRefused = true
                return false
            }
            return isTaken
        }
    }

    /// Never more than the blob has.
    private func write(_ bytes: UnsafeRawBufferPointer, _ progress: inout Progress) -> Bool {
        guard progress.received + Int64(bytes.count) <= blob.size else {
            progress.isRefused = true
            return false
        }
        progress.received += Int64(bytes.count)
        do throws(FileError) { try progress.file.write(bytes) } catch {
            progress.failure = error
            return false
        }
        progress.hasher.update(bytes)
        return true
    }

    /// - Returns: whether the file is the blob; if it is not, there is no file.
    func finish() -> Bool {
        let isWhole = progress.withLock { !$0.isRefused && $0.received == blob.size && $0.hasher.finalize() == blob }
        if !isWhole { discard() }
        return isWhole
    }

    func discard() { unlink(path) }
}
