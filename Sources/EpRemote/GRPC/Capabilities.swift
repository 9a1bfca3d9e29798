import RemoteAPI
import SwiftProtobuf

/// What a server can do, asked once, before anything else.
actor Capabilities {
    /// SHA-256, in REAPI's `DigestFunction`.
    private static let sha256: Int32 = 1

    private let channel: GRPCChannel
    private let instance: String
    private var known: Build_Bazel_Remote_Execution_V2_CacheCapabilities?

    init(channel: GRPCChannel, instance: String) {
        self.channel = channel
        self.instance = instance
    }

    /// - Throws: `RemoteError` if the server knows no SHA-256.
    func check() async throws {
        let functions = try await answer().digestFunctions
        guard functions.isEmpty || functions.contains(Self.sha256) else {
            throw RemoteError(.unexpected, "does not know SHA-256")
        }
    }

    /// - Throws: `RemoteError` if it takes no results of those who ask.
    func checkUpdates() async throws {
        let answer = try await answer()
        guard !answer.hasActionCacheUpdateCapabilities || answer.actionCacheUpdateCapabilities.updateEnabled else {
            throw RemoteError(.denied, "takes no results")
        }
    }

    /// Whether streams may be compressed with zstd, and blobs that are asked for in batches.
    func compressesStreams() async throws -> Bool { try await answer().supportedCompressors.contains(Zstd.compressor) }

    /// Whether blobs that are sent in batches may be compressed with zstd.
    func compressesUpdates() async throws -> Bool { try await answer().supportedBatchUpdateCompressors.contains(Zstd.compressor) }

    /// A server that does not tell can do what any cache can.
    private func answer() async throws -> Build_Bazel_Remote_Execution_V2_CacheCapabilities {
        if let known { return known }
        let question = Build_Bazel_Remote_Execution_V2_GetCapabilitiesRequest.with { $0.instanceName = instance }
        do {
            let answer: Build_Bazel_Remote_Execution_V2_ServerCapabilities = try await channel.call(
                "\(REAPI.package).Capabilities/GetCapabilities", question)
            known = answer.cacheCapabilities
        } catch let status as GRPCStatus {
            guard status.code == .unimplemented else { throw status.ofRemote }
            known = .init()
        }
        return known ?? .init()
    }
}
