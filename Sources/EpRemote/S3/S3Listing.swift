import EpCore
import EpHTTP

/// Which blobs an object store is known to hold: of few, each is asked for; of many, a list is.
///
/// A list has a thousand names an answer, where a question has one. What is not in it may have come since: then it is uploaded once more,
/// which changes nothing.
actor S3Listing {
    /// The longest list that is read, in answers: 100,000 blobs.
    private static let mostPages = 100

    private let client: S3Client
    private let prefix: String
    private var known: Set<Digest> = []
    private var asked = 0
    private var list: Task<Bool, any Error>?

    init(client: S3Client, prefix: String) {
        self.client = client
        self.prefix = prefix
    }

    /// - Parameter ask: asks the store for this one.
    func holds(_ blob: Digest, ask: @Sendable () async throws -> Bool) async throws -> Bool {
        if known.contains(blob) { return true }
        asked += 1
        if asked > S3Store.searchesBeforeListing, try await isWhole() { return known.contains(blob) }
        guard try await ask() else { return false }
        known.insert(blob)
        return true
    }

    func note(_ blob: Digest) { known.insert(blob) }
    func forget(_ blob: Digest) { known.remove(blob) }

    /// Whether all that is there is known. The list is asked for once.
    private func isWhole() async throws -> Bool {
        if let list { return try await list.value }
        let task = Task { try await self.read() }
        list = task
        do {
            return try await task.value
        } catch {
            list = nil
            throw error
        }
    }

    private func read() async throws -> Bool {
        var token: String?
        for _ in 0..<Self.mostPages {
            var query = [("list-type", "2"), ("prefix", prefix)]
            if let token { query.append(("continuation-token", token)) }
            let response = try await client.send(
                .init(method: .get, query: query.map { (name: $0, value: $1) }, sink: .memory(limit: 4 << 20)))
            guard response.status == 200 else {
                // Who may read objects need not be allowed to list them.
                if response.status == 403 { return false }
                throw S3Client.trouble(response, to: .get)
            }
            let text = String(decoding: response.bytes, as: UTF8.self)
            let sizes = XMLText.all("Size", in: text)
            for (key, size) in zip(XMLText.all("Key", in: text), sizes) {
                if let size = Int64(size), let digest = Digest(hex: String(key.suffix(64)), size: size) { known.insert(digest) }
            }
            token = XMLText.first("NextContinuationToken", in: text)
            if token == nil { return true }
        }
        return false
    }
}
