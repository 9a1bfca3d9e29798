public import EpCore
public import EpHTTP

/// A bucket that the public reads from. Each object carries its SHA-256 (`x-amz-meta-sha256`), so that what stands there is known without
/// being read.
public struct S3Place: PublicPlace {
    public let name: String
    private let client: S3Client
    private let prefix: String
    /// Longer lists are nobody's: in bytes.
    private static let readLimit: Int64 = 64 << 20
    private static let digestHeader = "x-amz-meta-sha256"
    /// What may pass by itself is tried so many times in all.
    private static let attempts = 3

    /// - Throws: a `Diagnostic` for another kind of address.
    public init(
        _ address: RemoteAddress, endpoint: String? = nil, region: String = "us-east-1", credentials: S3Credentials, client: any HTTPClient,
        timeouts: HTTPTimeouts = HTTPTimeouts()
    ) throws(Diagnostic) {
        guard case .s3(let bucket, let path) = address else {
            throw Diagnostic(.badInput, "\"\(address)\" is no address in an object store")
        }
        name = address.description
        prefix = path.isEmpty ? "" : "\(path)/"
        self.client = S3Client(
            base: S3Store.base(bucket, endpoint, region), signer: S3Signer(credentials: credentials, region: region), client: client,
            timeouts: timeouts)
    }

    public func digest(at path: String) async throws(Diagnostic) -> Digest? {
        let response = try await ask(.init(method: .head, key: key(path)))
        guard response.status == 200, let size = response.head.contentLength, let hex = response.head.headers[Self.digestHeader] else {
            return nil
        }
        return Digest(hex: hex, size: size)
    }

    public func read(_ path: String) async throws(Diagnostic) -> [UInt8]? {
        let response = try await ask(.init(method: .get, key: key(path), sink: .memory(limit: Self.readLimit)))
        return response.status == 200 ? response.bytes : nil
    }

    public func put(_ file: Digest, from source: String, at path: String) async throws(Diagnostic) {
        let (client, key, headers) = (client, key(path), headers(path, file))
        if file.size > S3Parts.limit {
            try await reach { try await S3Parts(client: client, key: key, headers: headers).store(file, from: source) }
        } else {
            _ = try await ask(.init(method: .put, key: key, headers: headers, body: .file(path: source, digest: file), payload: file.hex))
        }
    }

    public func put(_ bytes: [UInt8], at path: String) async throws(Diagnostic) {
        let digest = Digest(of: bytes)
        _ = try await ask(.init(method: .put, key: key(path), headers: headers(path, digest), body: .bytes(bytes), payload: digest.hex))
    }

    public func remove(_ path: String) async throws(Diagnostic) {
        _ = try await ask(.init(method: .delete, key: key(path)))
    }

    private func key(_ path: String) -> String { prefix + path }

    private func headers(_ path: String, _ digest: Digest) -> [HTTPHeaders.Field] {
        [.init("Content-Type", MediaType.of(path)), .init(Self.digestHeader, digest.hex)]
    }

    /// - Returns: an answer of 2xx, or 404 to a question.
    private func ask(_ request: S3Client.Request) async throws(Diagnostic) -> HTTPResponse {
        try await reach { [client] in
            let response = try await client.send(request)
            let isAbsence = response.status == 404 && request.method != .put
            guard isAbsence || (200...299).contains(response.status) else { throw S3Client.trouble(response, to: request.method) }
            return response
        }
    }

    private func reach<Value: Sendable>(_ call: @Sendable () async throws -> Value) async throws(Diagnostic) -> Value {
        for attempt in 1... {
            do {
                return try await call()
            } catch let error as Diagnostic {
                throw error
            } catch let error as RemoteError where attempt < Self.attempts && [.timedOut, .unreachable, .broken].contains(error.kind) {
                try? await Task.sleep(for: .milliseconds(200 * attempt))
            } catch let error as RemoteError {
                throw Diagnostic(
                    .unavailable, "\(name) \(error.message)",
                    remedy: "what has been published so far stays: the same command goes on from there")
            } catch {
                throw Diagnostic(.unavailable, "\(name) was not reached: \(error)")
            }
        }
        throw Diagnostic(.unavailable, "\(name) was not reached")
    }
}
