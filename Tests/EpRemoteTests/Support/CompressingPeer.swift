import EpCore
import EpHTTP
import FoundationEssentials
import RemoteAPI
import SwiftProtobuf
import Synchronization

@testable import EpRemote

/// A cache that speaks REAPI and offers zstd, in place of the network: no server that does can be had from packages.
final class CompressingPeer: HTTPClient {
    enum Manner: Sendable {
        case proper
        /// What it sends compressed is too much by far, and all else is right.
        case sendsBombs
        /// What it sends compressed is no zstd.
        case sendsNoise
        /// It breaks off in the middle of each compressed stream that begins at its beginning.
        case breaksOff
    }

    private struct State {
        var blobs: [Digest: [UInt8]] = [:]
        var results: [String: Build_Bazel_Remote_Execution_V2_ActionResult] = [:]
        /// What its methods and resources were, and how many bytes came and went with each call.
        var calls: [(name: String, received: Int, sent: Int)] = []
    }

    private let manner: Manner
    private let state = Mutex(State())

    init(_ manner: Manner = .proper) { self.manner = manner }

    var calls: [(name: String, received: Int, sent: Int)] { state.withLock { $0.calls } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        var bytes: [UInt8] = []
        switch request.body {
        case .bytes(let all): bytes = all
        case .pieces(_, let next): while let piece = try next() { bytes += piece }
        default: break
        }
        var frames = GRPCFrames()
        let messages = (try? frames.read(bytes))?.map { Array($0) } ?? []
        do {
            let (name, answers) = try answer(request.url.split(separator: "/").last.map(String.init) ?? "", messages)
            let body = answers.flatMap { GRPCFrames.head(length: $0.count) + $0 }
            state.withLock { $0.calls.append((name, bytes.count, body.count)) }
            return try respond(request, body, breaksOff: manner == .breaksOff && name.hasSuffix("from 0"))
        } catch let error as HTTPError {
            throw error
        } catch {
            return HTTPResponse(HTTPHead(status: 200), trailers: ["grpc-status": "\((error as? GRPCStatus)?.code.rawValue ?? 13)"])
        }
    }

    private func respond(_ request: HTTPRequest, _ body: [UInt8], breaksOff: Bool) throws(HTTPError) -> HTTPResponse {
        let head = HTTPHead(status: 200)
        guard case .pieces(let take) = request.sink else { return HTTPResponse(head, body: .bytes(body), trailers: ["grpc-status": "0"]) }
        for start in stride(from: 0, to: body.count, by: 50_000) {
            if breaksOff, start > body.count / 2 { throw HTTPError(.brokenOff, "broken off") }
            guard take(head, Array(body[start...].prefix(50_000))) else { throw HTTPError(.refused, "no more was wanted") }
        }
        return HTTPResponse(head, trailers: ["grpc-status": "0"])
    }

    private func answer(_ method: String, _ messages: [[UInt8]]) throws -> (String, [[UInt8]]) {
        let first = messages.first ?? []
        switch method {
        case "GetCapabilities":
            return (method, [try Build_Bazel_Remote_Execution_V2_ServerCapabilities.with {
                $0.cacheCapabilities.digestFunctions = [1]
                $0.cacheCapabilities.supportedCompressors = [1]
                $0.cacheCapabilities.supportedBatchUpdateCompressors = [1]
            }.serializedBytes()])
        case "FindMissingBlobs":
            let question = try Build_Bazel_Remote_Execution_V2_FindMissingBlobsRequest(serializedBytes: first)
            return (method, [try Build_Bazel_Remote_Execution_V2_FindMissingBlobsResponse.with { answer in
                let known = state.withLock { Set($0.blobs.keys) }
                answer.missingBlobDigests = question.blobDigests.filter { $0.digest.map { !known.contains($0) } ?? true }
            }.serializedBytes()])
        case "BatchUpdateBlobs": return (method, [try update(.init(serializedBytes: first))])
        case "BatchReadBlobs": return (method, [try read(.init(serializedBytes: first))])
        case "GetActionResult":
            let question = try Build_Bazel_Remote_Execution_V2_GetActionResultRequest(serializedBytes: first)
            let result = state.withLock { $0.results[question.actionDigest.hash] }
            guard let result else { throw GRPCStatus(code: .notFound, message: "") }
            return (method, [try result.serializedBytes()])
        case "UpdateActionResult":
            let question = try Build_Bazel_Remote_Execution_V2_UpdateActionResultRequest(serializedBytes: first)
            state.withLock { $0.results[question.actionDigest.hash] = question.actionResult }
            return (method, [try question.actionResult.serializedBytes()])
        case "Write": return try write(messages.map { try Google_Bytestream_WriteRequest(serializedBytes: $0) })
        case "Read": return try stream(try Google_Bytestream_ReadRequest(serializedBytes: first))
        default: throw GRPCStatus(code: .unimplemented, message: method)
        }
    }

    private func update(_ question: Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest) throws -> [UInt8] {
        try Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse.with { answer in
            answer.responses = question.requests.map { each in
                let size = Int(each.digest.sizeBytes)
                let bytes = each.compressor == 1 ? Zstd.expanded(Array(each.data), size: size) : Array(each.data)
                let isRight = bytes.map { Digest(of: $0) } == each.digest.digest
                if isRight, let bytes { state.withLock { $0.blobs[Digest(of: bytes)] = bytes } }
                return .with {
                    $0.digest = each.digest
                    if !isRight { $0.status.code = 3 }
                }
            }
        }.serializedBytes()
    }

    private func read(_ question: Build_Bazel_Remote_Execution_V2_BatchReadBlobsRequest) throws -> [UInt8] {
        try Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse.with { answer in
            answer.responses = question.digests.map { digest in
                .with {
                    $0.digest = digest
                    guard let bytes = digest.digest.flatMap({ blob in state.withLock { $0.blobs[blob] } }) else {
                        $0.status.code = 5
                        return
                    }
                    $0.data = Data(bytes)
                    guard question.acceptableCompressors.contains(1), let compressed = compressed(bytes) else { return }
                    $0.data = Data(compressed)
                    $0.compressor = 1
                }
            }
        }.serializedBytes()
    }

    private func write(_ messages: [Google_Bytestream_WriteRequest]) throws -> (String, [[UInt8]]) {
        let parts = messages.first?.resourceName.split(separator: "/").map(String.init) ?? []
        let data = messages.flatMap { Array($0.data) }
        let isCompressed = parts.contains("zstd")
        guard parts.count > 1, let blob = Digest(hex: parts[parts.count - 2], size: Int64(parts[parts.count - 1]) ?? 0),
            let bytes = isCompressed ? Zstd.expanded(data, size: Int(blob.size)) : data, Digest(of: bytes) == blob,
            messages.last?.finishWrite == true
        else { throw GRPCStatus(code: .invalidArgument, message: "") }
        let isKnown = state.withLock { $0.blobs.updateValue(bytes, forKey: blob) != nil }
        let answer = Google_Bytestream_WriteResponse.with { $0.committedSize = isKnown && isCompressed ? -1 : Int64(data.count) }
        return ("Write \(isCompressed ? "zstd" : "plain")", [try answer.serializedBytes()])
    }

    private func stream(_ question: Google_Bytestream_ReadRequest) throws -> (String, [[UInt8]]) {
        let parts = question.resourceName.split(separator: "/").map(String.init)
        guard parts.count > 1, let blob = Digest(hex: parts[parts.count - 2], size: Int64(parts[parts.count - 1]) ?? 0),
            let bytes = state.withLock({ $0.blobs[blob] })
        else { throw GRPCStatus(code: .notFound, message: "") }
        let isCompressed = parts.contains("zstd")
        let rest = Array(bytes[Int(question.readOffset)...])
        let data = isCompressed ? compressed(rest) ?? [] : rest
        let answers = try stride(from: 0, to: data.count, by: 64 << 10).map { start -> [UInt8] in
            try Google_Bytestream_ReadResponse.with { $0.data = Data(data[start...].prefix(64 << 10)) }.serializedBytes()
        }
        return ("Read \(isCompressed ? "zstd" : "plain") from \(question.readOffset)", answers)
    }

    private func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        switch manner {
        case .proper, .breaksOff: Zstd.compressed(bytes)
        case .sendsNoise: Array(bytes.reversed())
        case .sendsBombs: Self.bomb
        }
    }

    /// 256 MB of nothing, in some kilobytes.
    private static let bomb: [UInt8] = {
        var bomb: [UInt8] = []
        let nothing = [UInt8](repeating: 0, count: 1 << 20)
        let compressor = ZstdCompressor()
        for number in 0..<256 {
            nothing.withUnsafeBytes { bytes in
                _ = compressor?.compress(bytes, isLast: number == 255) { bomb += $0 }
            }
        }
        return bomb
    }()
}
