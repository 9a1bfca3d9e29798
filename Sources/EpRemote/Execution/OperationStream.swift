import RemoteAPI
import SwiftProtobuf
import Synchronization

/// What has been heard of one operation, as messages of `Execute` or `WaitExecution` bring it.
final class OperationStream: Sendable {
    private struct Heard {
        var frames = GRPCFrames()
        var operation: Build_Bazel_Remote_Execution_V2_Operation?
        var name: String?
        var told: ExecutionProgress?
    }

    private let heard = Mutex(Heard())
    private let tell: @Sendable (ExecutionProgress) -> Void

    init(tell: @escaping @Sendable (ExecutionProgress) -> Void) { self.tell = tell }

    /// What the operation is called, as far as any call has told; nil if it is not known.
    var name: String? { heard.withLock(\.name) }

    /// The last message of this call; nil if there was none.
    var operation: Build_Bazel_Remote_Execution_V2_Operation? { heard.withLock(\.operation) }

    /// A call begins: what a broken one has left of a message does not count.
    func begin() { heard.withLock { ($0.frames, $0.operation) = (GRPCFrames(), nil) } }

    /// - Returns: false for what is no message of an operation.
    func take(_ piece: [UInt8]) -> Bool {
        let news: [ExecutionProgress]? = heard.withLock { heard in
            guard let messages = try? heard.frames.read(piece) else { return nil }
            var news: [ExecutionProgress] = []
            for message in messages {
                guard let operation = try? Build_Bazel_Remote_Execution_V2_Operation(serializedBytes: Array(message)) else { return nil }
                heard.operation = operation
                if !operation.name.isEmpty { heard.name = operation.name }
                guard let progress = operation.progress, progress != heard.told else { continue }
                heard.told = progress
                news.append(progress)
            }
            return news
        }
        news?.forEach(tell)
        return news != nil
    }
}

extension Build_Bazel_Remote_Execution_V2_Operation {
    /// Nil if it does not tell.
    fileprivate var progress: ExecutionProgress? {
        guard let metadata = try? Build_Bazel_Remote_Execution_V2_ExecuteOperationMetadata(serializedBytes: metadata.value),
            let stage = ExecutionProgress.Stage(rawValue: metadata.stage)
        else { return nil }
        return ExecutionProgress(stage, worker: metadata.partialExecutionMetadata.worker)
    }
}
