import FoundationEssentials
import RemoteAPI
import SwiftProtobuf

/// A result as it was read from where the results of one action stand: the file of a cache, or the answer of a server.
public struct ResultEntry: Sendable {
    /// How far the entry proves itself.
    public enum Seal: Sendable {
        /// Another REAPI client has written it.
        case none
        /// Whole, but an older epbuild has written it, which did not note the action that it is for.
        case unbound
        /// Whole, and of this action.
        case bound
    }

    public let result: ActionResult
    /// Bytes of outputs that stand in the entry, by their digests, which they have.
    public let contents: [Digest: [UInt8]]
    public let seal: Seal
    /// Of those who vouch for it. Nobody has looked yet whether they are right.
    public let signatures: [String]

    /// Reads an entry that epbuild or another REAPI client wrote. Where there is a seal, it must be right.
    /// - Throws: `UnusableResult` for damage, a failed action, an entry of another action, a path that leaves the working directory, or
    ///   contents that are not those of their output.
    public init(encoded bytes: [UInt8], for action: ActionDigest) throws(UnusableResult) {
        guard let message = try? Build_Bazel_Remote_Execution_V2_ActionResult(serializedBytes: bytes) else {
            throw UnusableResult(reason: "not an ActionResult")
        }
        let metadata = message.executionMetadata.auxiliaryMetadata.lazy
            .filter { $0.typeURL == ActionResult.metadataType }
            .compactMap { try? Epbuild_V1_ResultMetadata(serializedBytes: $0.value) }.first
        result = try Self.result(message, metadata)
        contents = try Self.contents(of: message.outputFiles)
        signatures = metadata?.signatures ?? []
        seal = if let metadata { try Self.check(metadata, of: result, action) } else { .none }
    }

    /// Reads an entry of a cache that only epbuild writes: it must be sealed, and every byte as it was written.
    public init(canonical bytes: [UInt8], for action: ActionDigest) throws(UnusableResult) {
        try self.init(encoded: bytes, for: action)
        // The seal covers what an entry means; to encode it again covers each byte.
        switch seal {
        case .none: throw UnusableResult(reason: "no seal")
        case .unbound where result.encodedUnbound == bytes, .bound where result.encoded(for: action) == bytes: break
        default: throw UnusableResult(reason: "bytes that do not belong there")
        }
    }

    private static func contents(
        of files: [Build_Bazel_Remote_Execution_V2_OutputFile]
    ) throws(UnusableResult) -> [Digest: [UInt8]] {
        var contents: [Digest: [UInt8]] = [:]
        for file in files where !file.contents.isEmpty {
            let (bytes, digest) = ([UInt8](file.contents), Digest(hex: file.digest.hash, size: file.digest.sizeBytes))
            guard let digest, digest == Digest(of: bytes) else { throw UnusableResult(reason: "the contents of output \(file.path)") }
            contents[digest] = bytes
        }
        return contents
    }

    private static func check(
        _ metadata: Epbuild_V1_ResultMetadata, of result: ActionResult, _ action: ActionDigest
    ) throws(UnusableResult) -> Seal {
        let seal = result.seal
        guard Array(metadata.seal) == seal else { throw UnusableResult(reason: "the seal is broken") }
        if metadata.actionSeal.isEmpty { return .unbound }
        guard Array(metadata.actionSeal) == ActionResult.actionSeal(seal, action) else {
            throw UnusableResult(reason: "the result of another action")
        }
        return .bound
    }

    private static func result(
        _ message: Build_Bazel_Remote_Execution_V2_ActionResult, _ metadata: Epbuild_V1_ResultMetadata?
    ) throws(UnusableResult) -> ActionResult {
        guard message.exitCode == 0 else { throw UnusableResult(reason: "the action failed with status \(message.exitCode)") }
        var outputs: [ActionResult.Output] = []
        for file in message.outputFiles {
            guard RelativePath.isClean(file.path) else { throw UnusableResult(reason: "output path \"\(file.path)\"") }
            guard let digest = Digest(hex: file.digest.hash, size: file.digest.sizeBytes) else {
                throw UnusableResult(reason: "the digest of output \(file.path)")
            }
            outputs.append(.init(path: file.path, digest: digest, isExecutable: file.isExecutable))
        }
        var usage: [String: Int64] = [:]
        for entry in metadata?.usage ?? [] {
            guard amounts.contains(entry.amount), usage.updateValue(entry.amount, forKey: entry.unit) == nil else {
                throw UnusableResult(reason: "the usage of \(entry.unit)")
            }
        }
        let told = [metadata?.durationUs, metadata?.costMicroUsd, metadata?.unpricedCalls]
        guard told.allSatisfy({ amounts.contains($0 ?? 0) }) else {
            throw UnusableResult(reason: "its duration or cost")
        }
        return ActionResult(
            outputs: outputs, servedBy: metadata?.servedBy ?? message.executionMetadata.worker,
            duration: .microseconds(metadata?.durationUs ?? 0),
            cost: Cost(microUSD: metadata?.costMicroUsd ?? 0, unpricedCalls: metadata?.unpricedCalls ?? 0), usage: usage)
    }

    /// What can be true: a thousand years, or a thousand million dollars. Sums of such numbers do not overflow.
    public static let amounts: ClosedRange<Int64> = 0...31_600_000_000_000_000
}
