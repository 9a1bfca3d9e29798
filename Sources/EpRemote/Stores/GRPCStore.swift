public import EpCore
public import EpFiles
public import EpHTTP
import FoundationEssentials
import RemoteAPI
import SwiftProtobuf

/// A shared cache that speaks the Remote Execution API (REAPI v2) over gRPC: BuildGrid, buildbox-casd, Buildbarn, BuildBuddy, NativeLink
/// and others.
///
/// Small blobs travel in batches, greater ones in streams; a download that breaks off goes on where it was. What the server says
/// is not believed: blobs are verified. Errors are `RemoteError`s, and `Diagnostic`s for trouble on this machine.
public struct GRPCStore: EntryStore {
    /// The largest blob that goes into a batch, in bytes.
    private static let smallBlob: Int64 = 512 << 10
    /// What a batch may hold, in bytes: servers keep to 4 MiB a message, whatever they say.
    private static let batchLimit = 3 << 20
    /// What a digest, and what is around it, takes in a message, in bytes; more than it does.
    private static let digestWeight = 100
    /// How often a download goes on after it broke off.
    private static let resumptions = 3

    public let name: String
    private let instance: String
    private let channel: GRPCChannel
    private let damaged: Doubtful
    private let capabilities: Capabilities
    private let searches: Batches<[Digest], Set<Digest>>
    private let uploads: Batches<SmallBlob, Bool>
    private let downloads: Batches<Digest, [UInt8]?>
    /// For what keeps a processor busy.
    private let workers = WorkerPool(threads: 2)

    /// - Parameters:
    ///   - address: of a gRPC server.
    ///   - headers: sent with each call, such as an authorization.
    ///   - pause: how time passes before a server that has too many calls is asked again.
    /// - Throws: a `Diagnostic` for another kind of address.
    public init(
        _ address: RemoteAddress, client: any HTTPClient, headers: HTTPHeaders = [], timeouts: HTTPTimeouts = HTTPTimeouts(),
        trust: ResultTrust = .anyone, pause: Pause = .system
    ) throws(Diagnostic) {
        guard case .grpc(let origin, let instance) = address else {
            throw Diagnostic(.badInput, "\"\(address)\" is no address of a gRPC server")
        }
        let channel = GRPCChannel(origin: origin, client: client, headers: headers, timeouts: timeouts, pause: pause)
        name = address.description
        self.instance = instance
        self.channel = channel
        damaged = Doubtful(trust)
        let capabilities = Capabilities(channel: channel, instance: instance)
        self.capabilities = capabilities
        searches = Batches(limit: Self.batchLimit) { try await Self.search(channel, instance, $0) }
        uploads = Batches(limit: Self.batchLimit) {
            try await Self.upload(channel, instance, $0, isCompressed: capabilities.compressesUpdates())
        }
        downloads = Batches(limit: Self.batchLimit) {
            try await Self.download(channel, instance, $0, isCompressed: capabilities.compressesStreams())
        }
    }

    public var damagedAnswers: Int { damaged.count }
    public var untrustedAnswers: Int { damaged.untrustedCount }

    public func sharedResult(for action: ActionDigest) async throws -> SharedResult? {
        try await entry(for: action).flatMap { damaged.result($0, for: action) }
    }

    public func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        if let first = try await completeResult(for: action, like: shared) { return first.result == shared.result ? nil : first }
        try await replace(damaged.trust.encoded(shared, for: action), for: action)
        return nil
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] {
        try await capabilities.check()
        let asked = Array(Set(blobs).subtracting([.empty]))
        guard !asked.isEmpty else { return [] }
        let missing = try await translating { try await searches.ask(asked, weight: asked.count * Self.digestWeight) }
        return blobs.filter { $0 != .empty && (missing.contains($0) || damaged.contains($0)) }
    }

    public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        if blob == .empty {
            try Digest.makeEmptyFile(at: path)
            return true
        }
        try await capabilities.check()
        return blob.size <= Self.smallBlob ? try await fetchSmall(blob, to: path) : try await stream(blob, to: path)
    }

    public func store(_ blob: Digest, from path: String) async throws {
        guard blob != .empty else { return }
        try await capabilities.check()
        if blob.size <= Self.smallBlob {
            try await upload(SmallBlob(blob, from: path))
        } else {
            try await stream(blob, from: path)
        }
        damaged.remove(blob)
    }

    /// Stores bytes whose digest is known.
    func store(_ bytes: [UInt8], as blob: Digest) async throws {
        guard blob != .empty else { return }
        try await upload(SmallBlob(made: bytes, as: blob))
        damaged.remove(blob)
    }

    private func upload(_ blob: SmallBlob) async throws {
        _ = try await translating { try await uploads.ask(blob, weight: blob.bytes.count + Self.digestWeight) }
    }
}

extension GRPCStore {
    var trust: ResultTrust { damaged.trust }

    func entry(for action: ActionDigest) async throws -> [UInt8]? {
        try await capabilities.check()
        let question = Build_Bazel_Remote_Execution_V2_GetActionResultRequest.with {
            $0.instanceName = instance
            $0.actionDigest = .init(action.digest)
        }
        do {
            let answer: Build_Bazel_Remote_Execution_V2_ActionResult = try await channel.call(
                "\(REAPI.package).ActionCache/GetActionResult", question)
            return try answer.serializedBytes()
        } catch let status as GRPCStatus {
            if status.code == .notFound { return nil }
            throw status.ofRemote
        }
    }

    func replace(_ entry: [UInt8], for action: ActionDigest) async throws {
        try await capabilities.checkUpdates()
        let result = try Build_Bazel_Remote_Execution_V2_ActionResult(serializedBytes: entry)
        let question = Build_Bazel_Remote_Execution_V2_UpdateActionResultRequest.with {
            $0.instanceName = instance
            $0.actionDigest = .init(action.digest)
            $0.actionResult = result
        }
        try await translating {
            _ = try await channel.call(
                "\(REAPI.package).ActionCache/UpdateActionResult", question, Build_Bazel_Remote_Execution_V2_ActionResult.self)
        }
    }
}

/// Batches.
extension GRPCStore {
    private static func search(_ channel: GRPCChannel, _ instance: String, _ questions: [[Digest]]) async throws -> [Set<Digest>] {
        let blobs = Array(Set(questions.joined()))
        var missing: Set<Digest> = []
        for part in stride(from: 0, to: blobs.count, by: batchLimit / digestWeight) {
            let answer: Build_Bazel_Remote_Execution_V2_FindMissingBlobsResponse = try await channel.call(
                "\(REAPI.package).ContentAddressableStorage/FindMissingBlobs",
                Build_Bazel_Remote_Execution_V2_FindMissingBlobsRequest.with {
                    $0.instanceName = instance
                    $0.blobDigests = blobs[part...].prefix(batchLimit / digestWeight).map { .init($0) }
                })
            missing.formUnion(answer.missingBlobDigests.compactMap(\.digest))
        }
        return questions.map { missing.intersection($0) }
    }

    private static func upload(
        _ channel: GRPCChannel, _ instance: String, _ blobs: [SmallBlob], isCompressed: Bool
    ) async throws -> [Bool] {
        let answer: Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse = try await channel.call(
            "\(REAPI.package).ContentAddressableStorage/BatchUpdateBlobs",
            Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest.with {
                $0.instanceName = instance
                $0.requests = blobs.map { blob in
                    .with {
                        $0.digest = .init(blob.digest)
                        let compressed = isCompressed ? Zstd.compressed(blob.bytes) : nil
                        $0.data = Data(compressed ?? blob.bytes)
                        if compressed != nil { $0.compressor = Zstd.compressor }
                    }
                }
            })
        let stored = Set(answer.responses.filter { $0.status.code == 0 }.compactMap(\.digest.digest))
        if let blob = blobs.first(where: { !stored.contains($0.digest) }) {
            let status = answer.responses.first { $0.digest.digest == blob.digest }?.status
            throw GRPCStatus(
                code: status.flatMap { GRPCStatus.Code(rawValue: Int($0.code)) } ?? .unknown,
                message: status?.message ?? "nothing is said of \(blob.digest.short)")
        }
        return blobs.map { _ in true }
    }

    private static func download(
        _ channel: GRPCChannel, _ instance: String, _ blobs: [Digest], isCompressed: Bool
    ) async throws -> [[UInt8]?] {
        let answer: Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse = try await channel.call(
            "\(REAPI.package).ContentAddressableStorage/BatchReadBlobs",
            Build_Bazel_Remote_Execution_V2_BatchReadBlobsRequest.with {
                $0.instanceName = instance
                $0.digests = Set(blobs).map { .init($0) }
                if isCompressed { $0.acceptableCompressors = [Zstd.compressor] }
            })
        var found: [Digest: [UInt8]] = [:]
        let asked = Set(blobs)
        for response in answer.responses {
            guard let digest = response.digest.digest, asked.contains(digest) else { continue }
            switch GRPCStatus.Code(rawValue: Int(response.status.code)) {
            case nil where response.compressor == Zstd.compressor:
                // What is no zstd is no blob, and counts as damaged.
                found[digest] = Zstd.expanded(Array(response.data), size: Int(digest.size)) ?? []
            case nil: found[digest] = Array(response.data)
            case .notFound: break
            case let code?: throw GRPCStatus(code: code, message: response.status.message)
            }
        }
        return blobs.map { found[$0] }
    }

    private func fetchSmall(_ blob: Digest, to path: String) async throws -> Bool {
        guard let bytes = try await translating({ try await downloads.ask(blob, weight: Int(blob.size) + Self.digestWeight) }) else {
            return false
        }
        guard let small = SmallBlob(blob, bytes) else {
            damaged.insert(blob)
            return false
        }
        try small.write(to: path)
        return true
    }
}

/// Streams.
extension GRPCStore {
    private var prefix: String { instance.isEmpty ? "" : "\(instance)/" }

    private func stream(_ blob: Digest, from path: String) async throws {
        let identifier = UUID().uuidString.lowercased()
        let compressedSize = try await compressedSize(of: blob, from: path)
        let kind = compressedSize == nil ? "blobs" : "compressed-blobs/zstd"
        let (answer, total) = try await translating {
            try await channel.patiently {
                let upload = try local { () throws(FileError) in
                    try BlobUpload(
                        blob, from: path, as: "\(prefix)uploads/\(identifier)/\(kind)/\(blob.hex)/\(blob.size)",
                        compressedSize: compressedSize)
                }
                let answer: Google_Bytestream_WriteResponse? = try await channel.call(
                    "google.bytestream.ByteStream/Write", body: upload.body)
                return (answer, upload.total)
            }
        }
        // No answer, or −1 of a compressed one: the server had the blob already.
        guard let size = answer?.committedSize, size != total else { return }
        guard compressedSize != nil, size == -1 || size == blob.size else {
            throw RemoteError(.broken, "took \(size) bytes of a blob of \(total)")
        }
    }

    /// Nil if it travels as it is.
    private func compressedSize(of blob: Digest, from path: String) async throws -> Int64? {
        guard try await capabilities.compressesStreams() else { return nil }
        let outcome = await workers.run { Result { () throws(FileError) in try BlobSource.compressedSize(of: blob, from: path) } }
        return try local { () throws(FileError) in try outcome.get() }
    }

    private func stream(_ blob: Digest, to path: String) async throws -> Bool {
        // What comes compressed and is not the blob is asked for as it is: it may be whole.
        for isCompressed in try await capabilities.compressesStreams() ? [true, false] : [false] {
            let download = try local { () throws(FileError) in try BlobDownload(blob, to: path, isCompressed: isCompressed) }
            do {
                guard try await receive(download, blob, isCompressed ? "compressed-blobs/zstd" : "blobs") else { return false }
            } catch {
                download.discard()
                throw error
            }
            if download.finish() { return true }
        }
        damaged.insert(blob)
        return false
    }

    /// - Returns: false if the server does not have the blob; then there is no file.
    private func receive(_ download: BlobDownload, _ blob: Digest, _ kind: String) async throws -> Bool {
        var resumptions = 0
        while true {
            let offset = download.received
            do {
                try await channel.patiently {
                    download.begin()
                    try await channel.call(
                        "google.bytestream.ByteStream/Read",
                        Google_Bytestream_ReadRequest.with {
                            $0.resourceName = "\(prefix)\(kind)/\(blob.hex)/\(blob.size)"
                            $0.readOffset = download.received
                        }, take: download.take)
                }
                return true
            } catch let status as GRPCStatus {
                guard status.code == .notFound else { throw status.ofRemote }
                download.discard()
                return false
            } catch let error as RemoteError {
                if let failure = download.failure { throw Diagnostic(.system, failure.message) }
                if download.isRefused { return true }
                guard error.kind == .unreachable || error.kind == .timedOut, download.received > offset, resumptions < Self.resumptions
                else { throw error }
                resumptions += 1
            }
        }
    }

    private func local<Value: ~Copyable>(_ work: () throws(FileError) -> Value) throws(Diagnostic) -> Value {
        do throws(FileError) { return try work() } catch { throw Diagnostic(.system, error.message) }
    }

    private func translating<Value: Sendable>(_ call: () async throws -> Value) async throws -> Value {
        do {
            return try await call()
        } catch let status as GRPCStatus {
            throw status.ofRemote
        }
    }
}
