public import EpCore
import EpFiles
public import EpHTTP
import Glibc

/// A shared cache behind Bazel's remote cache protocol: nginx with WebDAV, bazel-remote, and many others.
///
/// `GET`, `HEAD` and `PUT` of `{url}/ac/<64 hex>` and `{url}/cas/<64 hex>`. What the server says is not believed: blobs are
/// verified, and the server need not know what an entry refers to. Errors are `RemoteError`s, and
/// `Diagnostic`s for trouble on this machine.
public struct HTTPStore: EntryStore {
    /// The largest entry of the action cache that is read, in bytes.
    static let entryLimit: Int64 = 4 << 20
    /// The largest blob that is held in memory, in bytes; greater ones go from and to their files.
    private static let smallBlob: Int64 = 64 << 10
    /// How many blobs are asked for at once.
    private static let window = 16

    public let name: String
    private let client: any HTTPClient
    private let headers: HTTPHeaders
    private let timeouts: HTTPTimeouts
    private let damaged: Doubtful

    /// - Throws: a `Diagnostic` if the URL is not `http` or `https`, or has a user, a query or a fragment.
    public init(
        url: String, client: any HTTPClient, headers: HTTPHeaders = [], timeouts: HTTPTimeouts = HTTPTimeouts(),
        trust: ResultTrust = .anyone
    ) throws(Diagnostic) {
        guard case .http(let base) = try RemoteAddress(url, relativeTo: "/") else {
            throw Diagnostic(.badInput, "\"\(url)\" is not an http or https URL")
        }
        name = base
        self.client = client
        self.timeouts = timeouts
        self.headers = headers
        damaged = Doubtful(trust)
    }

    public func sharedResult(for action: ActionDigest) async throws -> SharedResult? {
        let answer = try await ask(request(.get, "ac", action.digest, sink: .memory(limit: Self.entryLimit)))
        switch answer {
        case .found(_, .bytes(let bytes)): return damaged.result(bytes, for: action)
        case .tooLong: return damaged.result([], for: action)
        default: return nil
        }
    }

    public var inlines: Bool { true }

    /// A request each, and a few packets more.
    public var unaskedSize: Int64 { 4 << 10 }

    public var damagedAnswers: Int { damaged.count }
    public var untrustedAnswers: Int { damaged.untrustedCount }

    public func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        if let first = try await completeResult(for: action, like: shared) { return first.result == shared.result ? nil : first }
        do {
            try await replace(damaged.trust.encoded(shared, for: action), for: action)
        } catch let error as RemoteError where error.kind == .unexpected && !shared.contents.isEmpty {
            // A server that looks into entries, and does not know that a blob may stand there.
            for (blob, bytes) in shared.contents { try await put(request(.put, "cas", blob, body: .bytes(bytes))) }
            try await replace(damaged.trust.encoded(shared.result, for: action), for: action)
        }
        return nil
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] {
        let missing = try await withThrowingTaskGroup(of: Digest?.self) { group in
            var rest = Set(blobs).subtracting([.empty]).makeIterator()
            var missing: Set<Digest> = []
            for _ in 0..<Self.window {
                if let blob = rest.next() { group.addTask { try await holds(blob) ? nil : blob } }
            }
            while let answer = try await group.next() {
                if let answer { missing.insert(answer) }
                if let blob = rest.next() { group.addTask { try await holds(blob) ? nil : blob } }
            }
            return missing
        }
        return blobs.filter(missing.contains)
    }

    public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        if blob == .empty {
            try Digest.makeEmptyFile(at: path)
            return true
        }
        let isSmall = blob.size <= Self.smallBlob
        let sink = isSmall ? HTTPRequest.Sink.memory(limit: blob.size) : .file(path: path, limit: blob.size)
        switch try await ask(request(.get, "cas", blob, sink: sink)) {
        case .missing: return false
        case .found(_, .file(blob)): return true
        case .found(_, .bytes(let bytes)) where isSmall:
            if let small = SmallBlob(blob, bytes) {
                try small.write(to: path)
                return true
            }
        case .found(_, .file): unlink(path)
        case .found, .tooLong: break
        }
        damaged.insert(blob)
        return false
    }

    public func store(_ blob: Digest, from path: String) async throws {
        guard blob != .empty else { return }
        let body = blob.size <= Self.smallBlob
            ? HTTPRequest.Body.bytes(try SmallBlob(blob, from: path).bytes) : .file(path: path, digest: blob)
        try await put(request(.put, "cas", blob, body: body))
        damaged.remove(blob)
    }

    /// A blob of another size is not there: an upload that was cut short.
    private func holds(_ blob: Digest) async throws -> Bool {
        guard !damaged.contains(blob), case .found(let length, _) = try await ask(request(.head, "cas", blob)) else {
            return false
        }
        return length == nil || length == blob.size
    }
}

extension HTTPStore {
    var trust: ResultTrust { damaged.trust }

    func entry(for action: ActionDigest) async throws -> [UInt8]? {
        switch try await ask(request(.get, "ac", action.digest, sink: .memory(limit: Self.entryLimit))) {
        case .found(_, .bytes(let bytes)): bytes
        default: nil
        }
    }

    func replace(_ entry: [UInt8], for action: ActionDigest) async throws {
        try await put(request(.put, "ac", action.digest, body: .bytes(entry)))
    }
}

extension HTTPStore {
    private enum Answer {
        case found(length: Int64?, HTTPResponse.Body)
        case missing
        /// Longer than the sink allows.
        case tooLong
    }

    private func request(
        _ method: HTTPRequest.Method, _ space: String, _ digest: Digest,
        body: HTTPRequest.Body = .none, sink: HTTPRequest.Sink = .none
    ) -> HTTPRequest {
        HTTPRequest(
            method, "\(name)/\(space)/\(digest.hex)", headers: headers, body: body, sink: sink, wanted: 200...200, timeouts: timeouts)
    }

    private func ask(_ request: HTTPRequest) async throws -> Answer {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(request)
        } catch {
            if error.kind == .tooLarge { return .tooLong }
            throw error.ofRemote
        }
        switch response.status {
        case 200: return .found(length: response.head.contentLength, response.body)
        case 204, 404: return .missing
        default: throw RemoteError(status: response.status, to: request.method)
        }
    }

    private func put(_ request: HTTPRequest) async throws {
        let status: Int
        do throws(HTTPError) {
            status = try await client.send(request).status
        } catch {
            throw error.ofRemote
        }
        guard [200, 201, 202, 204].contains(status) else { throw RemoteError(status: status, to: request.method) }
    }
}
