import FoundationEssentials
import RemoteAPI
import SwiftProtobuf

/// An entry of an action cache that must not be used: damaged, incomplete, or of another kind of action.
public struct UnusableResult: Error, Sendable {
    public let reason: String
}

extension ActionResult {
    /// The serialized REAPI `ActionResult`, sealed: epbuild's metadata ends with the SHA-256 of the rest, so that
    /// any damage to the entry shows when it is read back.
    public func encoded() -> [UInt8] {
        serialize(message(seal: Digest(of: serialize(message(seal: []))).bytes))
    }

    /// Reads an entry.
    /// - Parameter requireSeal: true for the local cache, which holds only sealed entries; a remote cache may
    ///   hold entries that another REAPI client wrote.
    /// - Throws: `UnusableResult` for damage, a failed action, or a path that leaves the working directory.
    public init(encoded bytes: [UInt8], requireSeal: Bool) throws(UnusableResult) {
        guard let message = try? Build_Bazel_Remote_Execution_V2_ActionResult(serializedBytes: bytes) else {
            throw UnusableResult(reason: "not an ActionResult")
        }
        guard message.exitCode == 0 else { throw UnusableResult(reason: "the action failed with status \(message.exitCode)") }
        var outputs: [Output] = []
        for file in message.outputFiles {
            guard RelativePath.isClean(file.path) else { throw UnusableResult(reason: "output path \"\(file.path)\"") }
            guard let digest = Digest(hex: file.digest.hash, size: file.digest.sizeBytes) else {
                throw UnusableResult(reason: "the digest of output \(file.path)")
            }
            outputs.append(Output(path: file.path, digest: digest, isExecutable: file.isExecutable))
        }
        let metadata = message.executionMetadata.auxiliaryMetadata.lazy
            .filter { $0.typeURL == Self.metadataType }
            .compactMap { try? Epbuild_V1_ResultMetadata(serializedBytes: $0.value) }.first
        guard metadata != nil || !requireSeal else { throw UnusableResult(reason: "no seal") }
        var usage: [String: Int64] = [:]
        for entry in metadata?.usage ?? [] {
            guard Self.amounts.contains(entry.amount), usage.updateValue(entry.amount, forKey: entry.unit) == nil else {
                throw UnusableResult(reason: "the usage of \(entry.unit)")
            }
        }
        guard Self.amounts.contains(metadata?.durationUs ?? 0), Self.amounts.contains(metadata?.costMicroUsd ?? 0) else {
            throw UnusableResult(reason: "its duration or cost")
        }
        self.init(
            outputs: outputs, servedBy: metadata?.servedBy ?? message.executionMetadata.worker,
            duration: .microseconds(metadata?.durationUs ?? 0), cost: Cost(microUSD: metadata?.costMicroUsd ?? 0),
            usage: usage)
        if let metadata {
            let seal = Digest(of: serialize(self.message(seal: [])))
            guard Array(metadata.seal) == seal.bytes else { throw UnusableResult(reason: "the seal is broken") }
        }
    }

    /// What can be true: a thousand years, or a thousand million dollars. Sums of such numbers do not overflow.
    private static let amounts: ClosedRange<Int64> = 0...31_600_000_000_000_000

    private static let metadataType = "type.googleapis.com/epbuild.v1.ResultMetadata"

    private func message(seal: [UInt8]) -> Build_Bazel_Remote_Execution_V2_ActionResult {
        let metadata = Epbuild_V1_ResultMetadata.with { message in
            message.servedBy = servedBy
            message.durationUs = duration.microseconds
            message.costMicroUsd = cost.microUSD
            message.usage = usage.sorted { $0.key < $1.key }.map { unit, amount in
                .with { $0.unit = unit; $0.amount = amount }
            }
            message.seal = .init(seal)
        }
        return .with { message in
            message.outputFiles = outputs.map { output in
                .with { $0.path = output.path; $0.digest = .init(output.digest); $0.isExecutable = output.isExecutable }
            }
            message.executionMetadata.worker = "epbuild"
            message.executionMetadata.auxiliaryMetadata = [
                .with { $0.typeURL = Self.metadataType; $0.value = .init(serialize(metadata)) }
            ]
        }
    }
}

extension Duration {
    /// Whole microseconds, rounded towards zero; as many as can be told.
    public var microseconds: Int64 {
        let (seconds, isLong) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, isLonger) = seconds.addingReportingOverflow(components.attoseconds / 1_000_000_000_000)
        return isLong || isLonger ? (components.seconds < 0 ? .min : .max) : sum
    }
    public var seconds: Double { Double(microseconds) / 1_000_000 }
}

/// Paths inside an action's working directory.
public enum RelativePath {
    /// True if the path is relative, non-empty, and has no empty, `.` or `..` component.
    public static func isClean(_ path: String) -> Bool {
        !path.utf8.contains(0) && path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    }
}
