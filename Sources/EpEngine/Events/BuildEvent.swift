public import EpCore
public import EpFiles
public import EpPlan

/// One thing that happened in a build. The terminal, the log, the history and the tests are readers of one stream of these.
///
/// Its form as JSON is public and has a version: `docs/events.md`.
public struct BuildEvent: Sendable {
    public let build: BuildID
    /// Its place among the events of its build, from 1, without gaps.
    public let sequence: Int
    public let time: Moment
    /// The absolute path of the episode, or of the show.
    public let episode: String
    public let kind: Kind

    /// How a step came to its result.
    public enum Origin: String, Sendable {
        case executed
        case cache
        case remote
    }

    /// What a build was asked for, as far as that tells how what follows is to be understood.
    public struct BuildStart: Sendable {
        public let isDraft: Bool
        /// True if it was asked for what had failed, and for nothing else.
        public let isRetry: Bool

        public init(isDraft: Bool = false, isRetry: Bool = false) { (self.isDraft, self.isRetry) = (isDraft, isRetry) }
    }

    /// A step that runs.
    public struct StepStart: Sendable {
        public let site: StepSite
        public let tool: ToolName
        /// Where it has got a place.
        public let pool: Pool
        /// Who is asked; nil if that is of no interest.
        public let service: Service?
        /// The step itself and the digests of its inputs, for readers in this process; nil where no build has told it.
        public let planned: (id: StepID, step: Step, inputs: [Digest])?

        public init(
            _ site: StepSite, tool: ToolName, pool: Pool, service: Service? = nil,
            planned: (id: StepID, step: Step, inputs: [Digest])? = nil
        ) {
            (self.site, self.tool, self.pool, self.service, self.planned) = (site, tool, pool, service, planned)
        }

        init(_ resolved: ResolvedStep, in pool: Pool) {
            let step = resolved.step
            self.init(step.site, tool: step.tool, pool: pool, service: step.service, planned: (resolved.id, step, resolved.inputs))
        }
    }

    /// A step that has its result.
    public final class StepEnd: Sendable {
        public let site: StepSite
        public let tool: ToolName
        public let origin: Origin
        public let address: ActionDigest
        public let result: ActionResult
        /// The step in the plan of its build, for readers in this process; nil where no build has told it.
        public let planned: (id: StepID, step: Step)?

        init(
            site: StepSite, tool: ToolName, origin: Origin, address: ActionDigest, result: ActionResult,
            planned: (id: StepID, step: Step)? = nil
        ) {
            (self.site, self.tool, self.origin, self.address, self.result, self.planned) = (site, tool, origin, address, result, planned)
        }

        public var target: Target { site.target }
    }

    /// Boxed, as each event is handed to several readers, and there may be very many.
    public indirect enum Kind: Sendable {
        case started(BuildStart)
        /// The plan grew: the numbers of all known steps, by stage, in the order of the pipeline, and whether they are all there will be.
        case planned([(stage: StageName, steps: Int, isComplete: Bool)])
        case actionStarted(StepStart)
        case actionFinished(StepEnd)
        case failed(Failure)
        /// What a program that succeeded has said on standard error: its last lines.
        case actionSaid(StepSite, [String])
        /// A placeholder is made for a step of a draft.
        case actionStoodIn(StandIn)
        /// A provider has failed, and is asked again.
        case actionRetried(StepSite, Retry)
        /// A step gives no sign of life.
        case actionStalled(StepSite, Stall)
        /// Another machine does a step, and is so far.
        case actionRemote(StepSite, RemoteStage)
        /// Another machine makes what a step would make, and is waited for.
        case leaseWaiting(StepSite, LeaseWait)
        /// A service that fails again and again is left alone, or serves again.
        case breakerChanged(BreakerChange)
        /// A provider has failed, and the next one of its chain is asked.
        case providerFallback(ProviderFallback)
        /// Why a step that was built before was executed again.
        case actionExplained(StepSite, [InputChange])
        case actionBlocked(StepSite)
        /// A damaged file of the cache was set aside; what needs it is made anew.
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
        /// The last event of every build that has begun.
        case finished(BuildReport)
    }
}

/// Names a build on every machine, and sorts by the time at which it began: `20261126T041500Z-9f3c2a1b`.
public struct BuildID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    init(_ surroundings: Surroundings) {
        let chance = String(surroundings.random() & 0xFFFF_FFFF, radix: 16)
        let moment = surroundings.clock.now().iso8601Seconds.filter { $0 != "-" && $0 != ":" }
        text = "\(moment)-\(String(repeating: "0", count: 8 - chance.count))\(chance)"
    }

    public var description: String { text }
}
