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
        var source: BlobSource
        var sent: Int64 = 0
    }

    private let resource: String
    private let path: String
    private let blob: Digest
    /// How many bytes travel: the blob's, or what is left of them when they are compressed.
    let total: Int64
    private let progress: Mutex<Progress>

    /// - Parameters:
    ///   - resource: `{instance/}uploads/{uuid}/blobs/{hash}/{size}`, or what stands there for compressed ones.
    ///   - compressedSize: how many bytes it has when it is compressed; nil: it travels as it is.
    init(_ blob: Digest, from path: String, as resource: String, compressedSize: Int64? = nil) throws(FileError) {
        self.resource = resource
        self.path = path
        self.blob = blob
        total = compressedSize ?? blob.size
        progress = Mutex(Progress(source: try BlobSource(blob, from: path, compressor: compressedSize == nil ? nil : ZstdCompressor())))
    }

    /// Its length is told, as old versions of libcurl lose messages of bodies whose length nobody knows.
    var body: HTTPRequest.Body {
        .pieces(size: size) { () throws(HTTPError) in try self.next() }
    }

    private var size: Int64 {
        stride(from: 0, to: total, by: Int(Self.step)).reduce(0) {
            $0 + Int64(head(at: $1, length: length(at: $1)).count) + length(at: $1)
        }
    }

    private func length(at offset: Int64) -> Int64 { min(Self.step, total - offset) }

    /// What stands before the data at an offset: the frame's head, and the message up to its data, which is its last field.
    private func head(at offset: Int64, length: Int64) -> [UInt8] {
        let message = Google_Bytestream_WriteRequest.with {
            if offset == 0 { $0.resourceName = resource }
            $0.writeOffset = offset
            $0.finishWrite = offset + length == total
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
            guard progress.sent < total else { return nil }
            let length = length(at: progress.sent)
            let data: [UInt8]
            do throws(BlobSource.Failure) {
                data = try progress.source.take(Int(length))
            } catch {
                if case .file(let failure) = error { throw HTTPError(.file, failure.message) }
                throw notTheBlob
            }
            defer { progress.sent += length }
            guard data.count == length, progress.sent + length < total || progress.source.isTheBlob else { throw notTheBlob }
            return head(at: progress.sent, length: length) + data
        }
    }

    private var notTheBlob: HTTPError { HTTPError(.damagedBody, "\(path) is not the blob \(blob.short)") }
}
