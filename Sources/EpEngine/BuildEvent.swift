public import EpCore
public import EpPlan

/// What happens in a build, as it happens: the terminal, the log and the tests all read this stream.
public enum BuildEvent: Sendable {
    /// How a step came to its result.
    public enum Origin: String, Sendable {
        case executed
        case cache
        case remote
    }

    /// A step that has its result.
    public struct StepEnd: Sendable {
        public let target: Target
        /// Tells it from the others of its target; "" if it is the only one.
        public let step: String
        public let tool: ToolName
        public let origin: Origin
        public let address: ActionDigest
        public let result: ActionResult
    }

    case started(episode: String)
    /// The plan grew: the numbers of all known steps, by stage, in the order of the pipeline, and whether they are all there will be.
    case planned([(stage: StageName, steps: Int, isComplete: Bool)])
    case actionStarted(Target, step: String, pool: Pool)
    case actionFinished(StepEnd)
    case actionFailed(Target, step: String, Diagnostic)
    /// What a program that succeeded has said on standard error: its last lines.
    case actionSaid(Target, step: String, [String])
    /// A placeholder is made for a step of a draft.
    case actionStoodIn(StandIn)
    /// Why a step that was built before was executed again.
    case actionExplained(Target, step: String, [InputChange])
    case actionBlocked(Target, step: String)
    case cacheHealed(Diagnostic)
    case warning(Diagnostic)
    /// A person's edit of a file stands for its stage, or for an item of it.
    case editDetected(Target, file: String)
    /// A pinned result stands for what would be made.
    case pinned(Target)
    case gateWaiting(GateReport)
    /// A person has decided, or the gate by itself (`by` is "epbuild" then).
    case gateDecided(Target, GateRecord.Decision, by: String)
    /// A text was written into the episode, or a finished file into `out/`.
    case wrote(String)
    /// What an earlier build had delivered under another name was taken away.
    case removed(String)
    /// What the build has read changed or was damaged: it goes through its plan once more.
    case passRepeated(reason: String)
    case finished(BuildReport)
}

/// The seam to everybody who watches a build. Called by one task at a time; must not block.
public protocol BuildObserver: AnyObject {
    func observe(_ event: BuildEvent)
}

/// Watches nothing.
public final class Unobserved: BuildObserver {
    public init() {}
    public func observe(_ event: BuildEvent) {}
}
