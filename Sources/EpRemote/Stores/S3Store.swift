public import EpCore
import EpFiles
public import EpHTTP
import Glibc

/// A shared cache in an object store that speaks S3: AWS, MinIO, Cloudflare R2, Google's XML interface, and others.
///
/// Objects are named as in a shared directory: `{prefix}cas/ab/<64 hex>` and `{prefix}ac/ab/<64 hex>`. A result is put only where none
/// stands
/// (`If-None-Match: *`), so the first wins exactly. Blobs over 64 MiB go in parts. Errors are `RemoteError`s, and `Diagnostic`s
/// for trouble on this machine.
public struct S3Store: EntryStore {
    /// How many objects are looked for one by one before a list of all is asked for.
    static let searchesBeforeListing = 32

    public let name: String
    let client: S3Client
    let prefix: String
    private let damaged: Doubtful
    private let listing: S3Listing

    /// - Parameters:
    ///   - address: of an object store.
    ///   - endpoint: `https://host[:port]` where it is not AWS's.
    ///   - region: such as `eu-west-1`.
    /// - Throws: a `Diagnostic` for another kind of address.
    public init(
        _ address: RemoteAddress, endpoint: String? = nil, region: String = "us-east-1", credentials: S3Credentials, client: any HTTPClient,
        timeouts: HTTPTimeouts = HTTPTimeouts(), trust: ResultTrust = .anyone
    ) throws(Diagnostic) {
        guard case .s3(let bucket, let path) = address else {
            throw Diagnostic(.badInput, "\"\(address)\" is no address in an object store")
        }
        name = address.description
        prefix = path.isEmpty ? "" : "\(path)/"
        damaged = Doubtful(trust)
        self.client = S3Client(
            base: Self.base(bucket, endpoint, region), signer: S3Signer(credentials: credentials, region: region), client: client,
            timeouts: timeouts)
        listing = S3Listing(client: self.client, prefix: "\(prefix)cas/")
    }

    /// A bucket's own host, as AWS wants it; elsewhere, and where a certificate would not fit, its name is a part of the path.
    static func base(_ bucket: String, _ endpoint: String?, _ region: String) -> String {
        if let endpoint { return "\(endpoint)/\(bucket)" }
        return bucket.contains(".") ? "https://s3.\(region).amazonaws.com/\(bucket)" : "https://\(bucket).s3.\(region).amazonaws.com"
    }

    public var inlines: Bool { true }

    public var damagedAnswers: Int { damaged.count }
    public var untrustedAnswers: Int { damaged.untrustedCount }

    public func sharedResult(for action: ActionDigest) async throws -> SharedResult? {
        let response: HTTPResponse
        do {
            response = try await client.send(.init(method: .get, key: key("ac", action.digest), sink: .memory(limit: HTTPStore.entryLimit)))
        } catch is HTTPError {
            return damaged.result([], for: action)
        }
        switch response.status {
        case 200: return damaged.result(response.bytes, for: action)
        case 404: return nil
        default: throw S3Client.trouble(response, to: .get)
        }
    }

    public func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        let entry = damaged.trust.encoded(shared, for: action)
        if try await put(entry, at: key("ac", action.digest), createsOnly: true) { return nil }
        if let first = try await completeResult(for: action, like: shared, missing: askEach) {
            return first.result == shared.result ? nil : first
        }
        _ = try await put(entry, at: key("ac", action.digest), createsOnly: false)
        return nil
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] {
        try await missing(of: blobs) { try await listing.holds($0, ask: $1) }
    }

    /// What was put there after the list was read counts, too: a result whose blobs are there must not be replaced.
    private func askEach(_ blobs: [Digest]) async throws -> [Digest] {
        try await missing(of: blobs) { try await $1() }
    }

    private func missing(
        of blobs: [Digest], _ holds: @escaping @Sendable (Digest, @Sendable () async throws -> Bool) async throws -> Bool
    ) async throws -> [Digest] {
        let missing = try await withThrowingTaskGroup(of: Digest?.self) { group in
            for blob in Set(blobs).subtracting([.empty]) {
                group.addTask { try await self.holds(blob, holds) ? nil : blob }
            }
            return try await group.reduce(into: Set()) { if let blob = $1 { $0.insert(blob) } }
        }
        return blobs.filter(missing.contains)
    }

    private func holds(
        _ blob: Digest, _ holds: @Sendable (Digest, @Sendable () async throws -> Bool) async throws -> Bool
    ) async throws -> Bool {
        if damaged.contains(blob) { return false }
        return try await holds(blob) {
            let response = try await client.send(.init(method: .head, key: key("cas", blob)))
            switch response.status {
            case 200: return response.head.contentLength.map { $0 == blob.size } ?? true
            case 404: return false
            default: throw S3Client.trouble(response, to: .head)
            }
        }
    }

    public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        if blob == .empty {
            try Digest.makeEmptyFile(at: path)
            return true
        }
        do {
            let response = try await client.send(.init(method: .get, key: key("cas", blob), sink: .file(path: path, limit: blob.size)))
            switch (response.status, response.body) {
            case (404, _): return false
            case (200, .file(blob)): return true
            case (200, _): unlink(path)
            default: throw S3Client.trouble(response, to: .get)
            }
        } catch is HTTPError {
            // Longer than the blob.
        }
        damaged.insert(blob)
        await listing.forget(blob)
        return false
    }

    public func store(_ blob: Digest, from path: String) async throws {
        guard blob != .empty else { return }
        if blob.size > S3Parts.limit {
            try await S3Parts(client: client, key: key("cas", blob)).store(blob, from: path)
        } else {
            let body = HTTPRequest.Body.file(path: path, digest: blob)
            let response = try await client.send(.init(method: .put, key: key("cas", blob), body: body, payload: blob.hex))
            guard response.status == 200 else { throw S3Client.trouble(response, to: .put) }
        }
        damaged.remove(blob)
        await listing.note(blob)
    }

    private func key(_ space: String, _ digest: Digest) -> String {
        let hex = digest.hex
        return "\(prefix)\(space)/\(hex.prefix(2))/\(hex)"
    }

    /// - Returns: false if something stands there already, and nothing may be replaced.
    fileprivate func put(_ bytes: [UInt8], at key: String, createsOnly: Bool) async throws -> Bool {
        for attempt in 0... {
            let response = try await client.send(
                .init(method: .put, key: key, body: .bytes(bytes), payload: Digest(of: bytes).hex, createsOnly: createsOnly))
            switch response.status {
            case 200: return true
            case 412 where createsOnly: return false
            // Somebody else puts something there at this moment.
            case 409 where attempt < 3: continue
            default: throw S3Client.trouble(response, to: .put)
            }
        }
        return false
    }
}

extension S3Store {
    var trust: ResultTrust { damaged.trust }

    func entry(for action: ActionDigest) async throws -> [UInt8]? {
        do {
            let response = try await client.send(
                .init(method: .get, key: key("ac", action.digest), sink: .memory(limit: HTTPStore.entryLimit)))
            switch response.status {
            case 200: return response.bytes
            case 404: return nil
            default: throw S3Client.trouble(response, to: .get)
            }
        } catch is HTTPError {
            return nil
        }
    }

    func replace(_ entry: [UInt8], for action: ActionDigest) async throws {
        _ = try await put(entry, at: key("ac", action.digest), createsOnly: false)
    }
}

extension S3Store: LeaseStore {
    public var leases: (any LeaseStore)? { self }

    public func create(_ lease: [UInt8], at name: LeaseName) async throws -> Bool {
        try await put(lease, at: prefix + name.path, createsOnly: true)
    }

    public func lease(at name: LeaseName) async throws -> [UInt8]? {
        do {
            let response = try await client.send(.init(method: .get, key: prefix + name.path, sink: .memory(limit: HTTPStore.entryLimit)))
            switch response.status {
            case 200: return response.bytes
            case 404: return nil
            default: throw S3Client.trouble(response, to: .get)
            }
        } catch is HTTPError {
            throw RemoteError(.unexpected, "has a lease that is none")
        }
    }

    public func renew(_ lease: [UInt8], at name: LeaseName) async throws {
        _ = try await put(lease, at: prefix + name.path, createsOnly: false)
    }

    public func remove(_ name: LeaseName) async throws {
        let response = try await client.send(.init(method: .delete, key: prefix + name.path))
        guard (200...299).contains(response.status) || response.status == 404 else { throw S3Client.trouble(response, to: .delete) }
    }
}
