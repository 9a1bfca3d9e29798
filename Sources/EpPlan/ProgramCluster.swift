public import EpCore

/// The seam to machines that run programs for this one.
public protocol ProgramCluster: Sendable {
    /// How a person knows it.
    var name: String { get }
    /// Steps that may be there at once.
    var places: Int { get }
    /// True if a step is one of those that are to run there, and can.
    func takes(_ step: Step) -> Bool
    /// Does a step there: its program, or what is built in.
    /// - Parameters:
    ///   - job: with where it runs.
    ///   - home: an empty directory of its own, for what comes back.
    /// - Throws: `StepFailure` if the program failed, `NotElsewhere` if this machine is to run it, `DamagedInput`, `CancellationError`.
    func run(_ job: Job, _ elsewhere: Job.Elsewhere, in home: String) async throws -> JobResult
}

/// A step that cannot run elsewhere, and runs here. It has not failed.
public struct NotElsewhere: Error, Sendable {
    /// What a person is told, once.
    public let warning: Diagnostic
    /// True if nothing else will run there in this build either.
    public let isForAll: Bool

    public init(_ warning: Diagnostic, isForAll: Bool) { (self.warning, self.isForAll) = (warning, isForAll) }
}

extension Job {
    /// Where the program of a step runs, if not here, and what is to be known of it there.
    public struct Elsewhere: Sendable {
        public let cluster: any ProgramCluster
        /// What the job's directory holds, as digests.
        public let tree: InputTree
        /// The versions that the step relies on.
        public let programs: [Program: String]
        /// True if it runs whatever anybody has kept of earlier runs.
        public let isFresh: Bool

        public init(_ cluster: any ProgramCluster, _ tree: InputTree, programs: [Program: String], isFresh: Bool) {
            (self.cluster, self.tree, self.programs, self.isFresh) = (cluster, tree, programs, isFresh)
        }
    }
}

/// How far a step is that another machine does.
public struct RemoteStage: Sendable, Hashable {
    public enum Name: String, Sendable { case lookingUp = "looking_up", queued, executing, completed }

    public let name: Name
    /// As ``ProgramCluster/name``.
    public let cluster: String
    /// "" if that is not known.
    public let worker: String
    /// Of one that is completed: how long it has waited and worked, as far as the cluster tells.
    public let queuedSeconds: Double?
    public let workedSeconds: Double?

    public init(_ name: Name, of cluster: String, worker: String = "", queuedSeconds: Double? = nil, workedSeconds: Double? = nil) {
        (self.name, self.cluster, self.worker, self.queuedSeconds, self.workedSeconds) = (
            name, cluster, worker, queuedSeconds, workedSeconds
        )
    }
}
