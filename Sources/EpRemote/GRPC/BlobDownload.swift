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
    }

    private let blob: Digest
    private let path: String
    private let progress: Mutex<Progress>

    init(_ blob: Digest, to path: String) throws(FileError) {
        self.blob = blob
        self.path = path
        progress = Mutex(Progress(file: try OpenFile(creating: path)))
    }

    /// How much of it has arrived: where a call that follows a broken one goes on.
    var received: Int64 { progress.withLock { $0.received } }

    /// What kept the file from being written.
    var failure: FileError? { progress.withLock { $0.failure } }

    /// A call begins: what a broken one has left of a message does not count.
    func begin() { progress.withLock { $0.frames = GRPCFrames() } }

    /// - Returns: false for what cannot be a part of the blob, and for trouble on this machine.
    func take(_ piece: [UInt8]) -> Bool {
        progress.withLock { progress in
            guard let messages = try? progress.frames.read(piece) else { return false }
            for message in messages {
                guard let answer = try? Google_Bytestream_ReadResponse(serializedBytes: Array(message)) else { return false }
                let data = Array(answer.data)
                progress.received += Int64(data.count)
                guard progress.received <= blob.size else { return false }
                do throws(FileError) { try progress.file.write(data) } catch {
                    progress.failure = error
                    return false
                }
                data.withUnsafeBytes { progress.hasher.update($0) }
            }
            return true
        }
    }

    /// - Returns: whether the file is the blob; if it is not, there is no file.
    func finish() -> Bool {
        let isWhole = progress.withLock { $0.received == blob.size && $0.hasher.finalize() == blob }
        if !isWhole { discard() }
        return isWhole
    }

    func discard() { unlink(path) }
}
