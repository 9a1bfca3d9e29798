import EpCore
import EpFiles
import EpHTTP
import RemoteAPI
import SwiftProtobuf
import Synchronization

/// A blob of any size on its way to a gRPC server, as messages of a `ByteStream.Write`, in constant memory.
///
/// The file is hashed on its way, and the last message is handed out only if the whole is what the digest says.
final class BlobUpload: Sendable {
    /// The data of one message, in bytes.
    private static let step: Int64 = 1 << 20

    private struct Progress: ~Copyable {
        var file: OpenFile
        var hasher = SHA256Hasher()
        var sent: Int64 = 0
    }

    private let resource: String
    private let path: String
    private let blob: Digest
    private let progress: Mutex<Progress>

    /// - Parameter resource: `{instance/}uploads/{uuid}/blobs/{hash}/{size}`.
    init(_ blob: Digest, from path: String, as resource: String) throws(FileError) {
        self.resource = resource
        self.path = path
        self.blob = blob
        progress = Mutex(Progress(file: try OpenFile(reading: path)))
    }

    /// Its length is told, as old versions of libcurl lose messages of bodies whose length nobody knows.
    var body: HTTPRequest.Body {
        .pieces(size: size) { () throws(HTTPError) in try self.next() }
    }

    private var size: Int64 {
        stride(from: 0, to: blob.size, by: Int(Self.step)).reduce(0) {
            $0 + Int64(head(at: $1, length: length(at: $1)).count) + length(at: $1)
        }
    }

    private func length(at offset: Int64) -> Int64 { min(Self.step, blob.size - offset) }

    /// What stands before the data at an offset: the frame's head, and the message up to its data, which is its last field.
    private func head(at offset: Int64, length: Int64) -> [UInt8] {
        let message = Google_Bytestream_WriteRequest.with {
            if offset == 0 { $0.resourceName = resource }
            $0.writeOffset = offset
            $0.finishWrite = offset + length == blob.size
        }
        guard var bytes: [UInt8] = try? message.serializedBytes() else { preconditionFailure("a message without required fields is whole") }
        // Field 10, of bytes, and their count.
        bytes.append(10 << 3 | 2)
        var rest = length
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return GRPCFrames.head(length: bytes.count + Int(length)) + bytes
    }

    private func next() throws(HTTPError) -> [UInt8]? {
        try progress.withLock { progress throws(HTTPError) in
            guard progress.sent < blob.size else { return nil }
            let length = length(at: progress.sent)
            let head = head(at: progress.sent, length: length)
            let bytes = try read(head, then: Int(length), of: progress.file)
            bytes.withUnsafeBytes { progress.hasher.update(UnsafeRawBufferPointer(rebasing: $0[head.count...])) }
            progress.sent += length
            if progress.sent == blob.size, bytes.count < head.count + Int(length) || progress.hasher.finalize() != blob {
                throw HTTPError(.damagedBody, "\(path) is not the blob \(blob.short)")
            }
            return bytes
        }
    }

    private func read(_ head: [UInt8], then length: Int, of file: borrowing OpenFile) throws(HTTPError) -> [UInt8] {
        var failure: FileError?
        var received = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: head.count + length) { buffer, count in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: head)
            let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[head.count...])
            do throws(FileError) {
                while received < length {
                    let more = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[received..<length]))
                    guard more > 0 else { break }
                    received += more
                }
            } catch {
                failure = error
            }
            count = head.count + received
        }
        if let failure { throw HTTPError(.file, failure.message) }
        guard received == length else { throw HTTPError(.damagedBody, "\(path) is not the blob \(blob.short)") }
        return bytes
    }
}
