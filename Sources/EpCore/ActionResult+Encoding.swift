import FoundationEssentials
import RemoteAPI
import SwiftProtobuf

/// An entry of an action cache that must not be used: damaged, incomplete, of another action or of another kind.
public struct UnusableResult: Error, Sendable {
    public let reason: String
}

extension ActionResult {
    /// The serialized REAPI `ActionResult`, sealed: epbuild's metadata ends with the SHA-256 of the rest, and with one that binds it
    /// to its action, so that any damage to the entry shows when it is read back, and that it stands where it does not belong.
    /// - Parameters:
    ///   - signatures: of those who vouch for it, as `SigningKey.sign` gives them for its `meaning`.
    ///   - contents: of outputs that are to stand in the entry, by their digests. The seal need not cover them: a digest does.
    public func encoded(for action: ActionDigest, signatures: [String] = [], contents: [Digest: [UInt8]] = [:]) -> [UInt8] {
        let seal = seal
        var message = message(seal: seal, actionSeal: Self.actionSeal(seal, action), signatures)
        if !contents.isEmpty {
            for (index, output) in outputs.enumerated() {
                if let bytes = contents[output.digest] { message.outputFiles[index].contents = .init(bytes) }
            }
        }
        return serialize(message)
    }

    /// What somebody signs who vouches for it: the action, and everything that the result says (outputs, who served it, how long it took,
    /// what it cost).
    public func meaning(for action: ActionDigest) -> String {
        "epbuild result v1\n\(action.digest.hex)\n\(Digest(of: seal).hex)"
    }

    /// As epbuild wrote entries before they were bound to their actions.
    var encodedUnbound: [UInt8] { serialize(message(seal: seal)) }

    var seal: [UInt8] { Digest(of: serialize(message(seal: []))).bytes }

    static func actionSeal(_ seal: [UInt8], _ action: ActionDigest) -> [UInt8] { Digest(of: action.digest.bytes + seal).bytes }

    static let metadataType = "type.googleapis.com/epbuild.v1.ResultMetadata"

    private func message(
        seal: [UInt8], actionSeal: [UInt8] = [], _ signatures: [String] = []
    ) -> Build_Bazel_Remote_Execution_V2_ActionResult {
        let metadata = Epbuild_V1_ResultMetadata.with { message in
            message.servedBy = servedBy
            message.durationUs = duration.microseconds
            message.costMicroUsd = cost.microUSD
            message.unpricedCalls = cost.unpricedCalls
            message.usage = usage.sorted { $0.key < $1.key }.map { unit, amount in
                .with { $0.unit = unit; $0.amount = amount }
            }
            message.seal = .init(seal)
            message.actionSeal = .init(actionSeal)
            message.signatures = signatures
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
        // Of the name that is being read. Asked of every path of every action: a list of its names would cost more than all else.
        var (length, dots) = (0, 0)
        for byte in path.utf8 {
            switch byte {
            case 0: return false
            case UInt8(ascii: "/"):
                if length == dots, length <= 2 { return false }
                (length, dots) = (0, 0)
            default:
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return length != dots || length > 2
    }
}
