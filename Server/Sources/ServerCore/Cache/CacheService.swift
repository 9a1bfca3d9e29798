import EpCache
public import EpCore
import EpFiles

/// Answers for a cache that a team shares: Bazel's remote cache protocol over a directory laid out as the local cache.
///
/// A blob is taken if it has its hash, a result if it can be read and everything that it names is here. Both are on disk before that is
/// answered.
/// Whatever comes or goes does so piece by piece. Knows no sockets.
public struct CacheService: Sendable {
    private let cache: DiskCache
    private let door: CacheDoor
    private let room: CacheRoom
    private let audit: AuditLog
    private let counts = CacheCounts()

    /// Slower bodies are given up, in bytes a second, after half a minute.
    private static let slowest = 16 << 10
    private static let patience = Duration.seconds(30)

    /// - Parameters:
    ///   - directory: is made if need be.
    ///   - limit: how many bytes it may hold; nil: any number.
    ///   - audit: who has put which results.
    ///   - warn: is told of damage, and of what goes wrong beside what was asked for.
    /// - Throws: `Diagnostic` if the directory cannot be written.
    public init(
        directory: String, limit: Int64?, door: CacheDoor, audit: AuditLog, warn: @escaping @Sendable (Diagnostic) -> Void
    ) throws(Diagnostic) {
        let counts = counts
        cache = try DiskCache(path: directory) { problem in
            counts.noteDamage()
            warn(problem)
        }
        (self.door, self.audit) = (door, audit)
        room = CacheRoom(cache, limit: limit, warn: warn)
    }

    /// What is answered to one request.
    /// - Parameter body: is read for a `PUT` that is let in, and not otherwise.
    public func answer<Body: AsyncSequence>(_ request: WebRequest, body: Body) async -> Answer where Body.Element == [UInt8] {
        var (answer, space) = (Answer(404), "none")
        do {
            guard let path = request.path else { throw Problem(400, "the path is none") }
            let route = CacheRoute(path)
            space = route?.space ?? "none"
            let user = try door.admit(request, as: route.map { $0.role(request.method) } ?? .viewer)
            guard let route else { throw Problem(404, "there is nothing of that name") }
            guard route.methods.contains(request.method) else {
                throw Problem(
                    405, "that is not asked for by \(request.method)", headers: [("allow", route.methods.joined(separator: ", "))])
            }
            answer = try await self.answer(request, route, user, body)
        } catch {
            answer = Problem(error).answer
        }
        ProtectiveHeaders.add(to: &answer)
        if request.method == "HEAD" { answer = Answer(answer.status, answer.headers + [("content-length", "\(answer.length ?? 0)")]) }
        counts.note(space, request.method, answer.status)
        return answer
    }

    private func answer<Body: AsyncSequence>(
        _ request: WebRequest, _ route: CacheRoute, _ user: User?, _ body: Body
    ) async throws -> Answer where Body.Element == [UInt8] {
        switch route {
        case .health: return .json(["status": "ok"])
        case .readiness:
            try cache.requireWriting()
            guard !audit.isFailing else { throw Problem(503, "the audit log cannot be written") }
            return .json(["status": "ready"])
        case .metrics:
            let figures = await room.figures
            return .text(counts.text(held: figures.held, limit: figures.limit, trimmed: figures.trimmed), "text/plain; version=0.0.4")
        case .blob(let hex):
            if request.method == "PUT" { return try await put(blob: hex, request, body) }
            return try give(hex)
        case .entry(let action):
            if request.method == "PUT" { return try await put(entry: action, request, user, body) }
            guard let entry = try cache.foreignEntry(for: action) else {
                throw Problem(404, "there is no such result here, with all that it names")
            }
            counts.sent(entry.count)
            return Answer(200, [Self.octets], body: .bytes(entry))
        }
    }

    private static let octets = (name: "content-type", value: "application/octet-stream")

    // MARK: blobs

    private func give(_ hex: String) throws -> Answer {
        guard let blob = try cache.give(sha256: hex) else { throw Problem(404, "there is no such blob here") }
        return Answer(200, [Self.octets], body: .stored(blob) { [counts] in counts.sent($0) })
    }

    private func put<Body: AsyncSequence>(blob hex: String, _ request: WebRequest, _ body: Body) async throws -> Answer
    where Body.Element == [UInt8] {
        try await withRoom(for: try length(of: request)) { length in
            var incoming = try cache.receive()
            try await receive(body, length) { piece in try incoming.append(piece) }
            let staged = incoming.finish()
            guard staged.digest.hex == hex else { throw Problem(422, "those bytes have the SHA-256 \(staged.digest.hex)") }
            try await cache.publishNamed(staged)
        }
        return Answer(200)
    }

    // MARK: results

    private func put<Body: AsyncSequence>(
        entry action: ActionDigest, _ request: WebRequest, _ user: User?, _ body: Body
    ) async throws -> Answer where Body.Element == [UInt8] {
        let length = try length(of: request)
        guard length <= DiskCache.longestEntry else { throw Problem(413, "a result has \(DiskCache.longestEntry) bytes at most") }
        var status = 200
        defer { audit.note(request, by: user?.name, status: status, at: .now) }
        do {
            // What stands in an entry becomes blobs, too.
            try await withRoom(for: 2 * length) { _ in
                var entry: [UInt8] = []
                try await receive(body, length) { entry += $0 }
                try await publish(entry, for: action)
            }
        } catch {
            status = Problem(error).status
            throw error
        }
        return Answer(status)
    }

    private func publish(_ entry: [UInt8], for action: ActionDigest) async throws {
        do throws(DiskCache.Refusal) {
            try await cache.publish(foreignEntry: entry, for: action)
        } catch {
            switch error {
            case .unusable(let reason): throw Problem(422, "that is no result: \(reason)")
            case .lacks(let blob): throw Problem(422, "it names blob \(blob.hex), which is not here: put that first")
            case .trouble(let problem): throw problem
            }
        }
    }

    // MARK: bodies

    /// What is to come, in bytes: room is made before it does.
    private func length(of request: WebRequest) throws(Problem) -> Int64 {
        guard let text = request.header("content-length"), let length = Int64(text), length >= 0 else {
            throw Problem(411, "how long is it?")
        }
        return length
    }

    private func withRoom(for length: Int64, _ act: (Int64) async throws -> Void) async throws {
        switch await room.ask(for: length) {
        case .granted: break
        case .full: throw Problem(507, "the cache is full, and all of it was used within the last hour")
        case .tooMuch: throw Problem(413, "that is more than the whole cache may hold")
        }
        do {
            try await act(length)
            await room.settle(length, isKept: true)
        } catch {
            await room.settle(length, isKept: false)
            throw error
        }
    }

    /// Gives each piece of the body.
    /// - Throws: `Problem` if the body is too slow, or not as long as was said.
    private func receive<Body: AsyncSequence>(_ body: Body, _ length: Int64, _ take: (Body.Element) throws -> Void) async throws
    where Body.Element == [UInt8] {
        let end = ContinuousClock.now + Self.patience + .seconds(length / Int64(Self.slowest))
        var count: Int64 = 0
        var pieces = body.makeAsyncIterator()
        while let piece = try await Self.next(&pieces) {
            count += Int64(piece.count)
            guard count <= length else { throw Problem(400, "that is longer than was said") }
            guard ContinuousClock.now < end else { throw Problem(408, "that has not come in time") }
            counts.received(piece.count)
            try take(piece)
        }
        guard count == length else { throw Problem(400, "that is shorter than was said") }
    }

    private static func next<Pieces: AsyncIteratorProtocol>(_ pieces: inout Pieces) async throws(Problem) -> Pieces.Element? {
        do { return try await pieces.next(isolation: #isolation) } catch { throw Problem(400, "that has not come whole") }
    }
}
