/// How far an execution on a cluster is, as the cluster tells it.
public struct ExecutionProgress: Sendable, Hashable {
    /// The numbers are those of `ExecutionStage` in REAPI.
    public enum Stage: Int32, Sendable, Hashable {
        case lookingUp = 1
        case queued, executing, completed
    }

    public let stage: Stage
    /// Who runs it; "" if that is not known.
    public let worker: String

    public init(_ stage: Stage, worker: String = "") { (self.stage, self.worker) = (stage, worker) }
}
