import EpCore
import EpFiles
import EpHTTP

/// A great blob on its way to an object store, part by part.
struct S3Parts: Sendable {
    /// Greater blobs go in parts: in bytes.
    static let limit: Int64 = 64 << 20
    /// All parts but the last are of one size, as R2 wants it: at least this many bytes, and more where 10,000 would not do.
    private static let step: Int64 = 16 << 20
    private static let mostParts: Int64 = 10_000

    let client: S3Client
    let key: String
    /// Of the whole object.
    var headers: [HTTPHeaders.Field] = []

    /// Nothing is there under the key before the last part has arrived and the whole is known to be the blob.
    func store(_ blob: Digest, from path: String) async throws {
        let identifier = try await begin()
        do {
            try await finish(identifier, try await send(blob, from: path, identifier))
        } catch {
            // Parts that stay behind cost money. What has gone wrong is told in any case.
            _ = try? await client.send(.init(method: .delete, key: key, query: [("uploadId", identifier)]))
            throw error
        }
    }

    private func begin() async throws -> String {
        let response = try await client.send(
            .init(method: .post, key: key, query: [("uploads", "")], headers: headers, sink: .memory(limit: 1 << 20)))
        guard response.status == 200, let identifier = XMLText.first("UploadId", in: String(decoding: response.bytes, as: UTF8.self)) else {
            throw S3Client.trouble(response, to: .post)
        }
        return identifier
    }

    /// - Returns: the entity tag of each part.
    private func send(_ blob: Digest, from path: String, _ identifier: String) async throws -> [String] {
        let size = max(Self.step, (blob.size + Self.mostParts - 1) / Self.mostParts)
        var tags: [String] = []
        let reader = PartReader(path: path)
        for offset in stride(from: 0, to: blob.size, by: Int(size)) {
            let bytes = try reader.read(at: offset, count: min(size, blob.size - offset))
            let isLast = offset + size >= blob.size
            if isLast, !reader.isWhole(blob) { throw Diagnostic(.damagedCache, "\(path) is not the blob \(blob.short)") }
            let response = try await client.send(
                .init(
                    method: .put, key: key, query: [("partNumber", "\(tags.count + 1)"), ("uploadId", identifier)], body: .bytes(bytes),
                    payload: Digest(of: bytes).hex))
            guard response.status == 200, let tag = response.head.headers["ETag"] else { throw S3Client.trouble(response, to: .put) }
            tags.append(tag)
        }
        return tags
    }

    private func finish(_ identifier: String, _ tags: [String]) async throws {
        let parts = tags.enumerated().map { "<Part><PartNumber>\($0 + 1)</PartNumber><ETag>\($1)</ETag></Part>" }.joined()
        let body = Array("<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>".utf8)
        let response = try await client.send(
            .init(
                method: .post, key: key, query: [("uploadId", identifier)], body: .bytes(body), sink: .memory(limit: 1 << 20),
                payload: Digest(of: body).hex))
        // An error can stand in an answer that began well: the store answers before it has put the parts together.
        let text = String(decoding: response.bytes, as: UTF8.self)
        guard response.status == 200, !text.contains("<Error>") else {
            throw response.status == 200
                ? RemoteError(.broken, "did not put the parts together: \(XMLText.first("Message", in: text) ?? "")")
                : S3Client.trouble(response, to: .post)
        }
    }
}

/// Reads a file part by part, and hashes it on the way.
private final class PartReader {
    private let path: String
    private var hasher = SHA256Hasher()

    init(path: String) { self.path = path }

    func read(at offset: Int64, count: Int64) throws(Diagnostic) -> [UInt8] {
        do throws(FileError) {
            let bytes = try bytes(at: offset, count: count)
            bytes.withUnsafeBytes { hasher.update($0) }
            return bytes
        } catch {
            throw Diagnostic(.system, error.message)
        }
    }

    /// Whether all that was read is the blob.
    func isWhole(_ blob: Digest) -> Bool { hasher.finalize() == blob }

    private func bytes(at offset: Int64, count: Int64) throws(FileError) -> [UInt8] {
        let file = try OpenFile(reading: path)
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
            do throws(FileError) {
                filled = try file.fill(UnsafeMutableRawBufferPointer(buffer), from: Int(offset))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
