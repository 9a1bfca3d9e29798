import EpCore
import RemoteAPI
import SwiftProtobuf

enum REAPI {
    /// What the names of its services begin with.
    static let package = "build.bazel.remote.execution.v2"
}

extension Build_Bazel_Remote_Execution_V2_Digest {
    init(_ digest: Digest) {
        self = .with { $0.hash = digest.hex; $0.sizeBytes = digest.size }
    }

    /// Nil if it is none.
    var digest: Digest? { Digest(hex: hash, size: sizeBytes) }
}
