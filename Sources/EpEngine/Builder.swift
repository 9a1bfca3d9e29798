public import EpCache
public import EpCore
import EpFiles
public import EpPlan
import Glibc

/// How a person wants a build to go.
public struct BuildOptions: Sendable {
    /// Steps that keep a processor busy, at once; nil: the workspace's limit, else one a processor.
    public var jobs: Int?
    /// Steps that a cluster has at once; nil: the workspace's limit.
    public var remoteJobs: Int?
    /// How much the build may spend; nil: what the workspace allows.
    public var budget: Cost?
    /// Who has the machine to itself while something of the build is brought to a person; nil: nobody waits for that.
    public var precedence: (any Precedence)?
    /// What other builds of this process share with it; nil: it is alone.
    public var pools: SharedPools?
    /// Goes on with what does not depend on a failure.
    public var keepGoing = false
    /// Looks everything up and runs nothing.
    public var isDryRun = false
    /// Does not ask shared caches.
    public var isOffline = false
    /// Plays at once: stands in for what is missing, fails, or would cost money, and waits for nobody.
    public var isDraft = false
    /// Runs each step that costs nothing twice: one that makes something else then has failed.
    public var checksDeterminism = false
    /// True if the targets are what has failed.
    public var isRetry = false
    /// Empty: everything.
    public var targets: [Target] = []
    /// Empty: all of the targets. Else only what stands at these coordinates.
    public var excerpt: [Excerpt] = []
    /// True if everything is asked for.
    public var isWhole: Bool { targets.isEmpty && excerpt.isEmpty }
    /// Looks into what a build would refuse: a text with conflict marks stands as it is, and what cannot be read is not known.
    var isForgiving = false
    /// Asks what an episode tells, and looks no further once that is known.
    var seeks: Telling?
    /// Looks an episode up for another one, which has looked up those before it.
    var isLookingUp = false
    /// Takes that are made to choose from, whatever the lock has; by the take-free action. Nothing is written into the episode then.
    var trialTakes: [ActionDigest: Take] = [:]

    public init() {}
}

/// A cache that this machine shares with others.
public struct SharedCache: Sendable {
    public let store: any CacheStore
    /// True if results that this machine makes are put there.
    public let push: Bool

    public init(_ store: any CacheStore, push: Bool) {
        self.store = store
        self.push = push
    }
}

/// Builds episodes: from the person's files to what stands in `out/`.
public final class Builder: Sendable {
    let cache: DiskCache
    let remotes: Remotes
    /// The shared caches of a workspace; their trouble is told by the second argument.
    public typealias Remotes = @Sendable (Workspace, @escaping @Sendable (Diagnostic) -> Void) throws -> [SharedCache]
    /// Who runs programs for this machine, as a workspace says; its trouble is told by the second argument.
    public typealias Cluster = @Sendable (Workspace, @escaping @Sendable (Diagnostic) -> Void) throws -> (any ProgramCluster)?
    let cluster: Cluster
    let tools: [ToolName: any Tool]
    /// Those that shows may take over.
    let pipelines: [ShippedPipeline]
    let runner: any StepRunner
    /// Tells builds of different epbuilds, or with different caches, apart.
    let fingerprint: String
    /// The directory that paths in messages are relative to.
    public let shownFrom: String
    let surroundings: Surroundings
    let ledger: any SpendingLedger
    /// Looks at what else there is in a workspace's file, for whoever reads that.
    let check: @Sendable (Workspace) throws -> Void
    /// Warns of what may go wrong with what is going to run.
    let forewarning: Prospect.Forewarning
    /// The 95th percentile of what actions like a step took, in seconds; nil if too few are recorded. Asked only for stages that want it.
    public typealias TypicalSeconds = @Sendable (EpisodePlace, Step) -> Double?
    let typicalSeconds: TypicalSeconds
    let hearsay = Hearsay()

    /// - Parameters:
    ///   - pipelines: what shows may name by `pipeline:`.
    ///   - ledger: what was spent before; nil: nothing is known of that.
    ///   - check: throws what is wrong in a workspace that nobody here knows of.
    public init(
        cache: DiskCache, remotes: @escaping Remotes, cluster: @escaping Cluster = { _, _ in nil }, tools: [any Tool],
        pipelines: [ShippedPipeline] = [], runner: any StepRunner, fingerprint: String, shownFrom: String,
        surroundings: Surroundings = .system, ledger: (any SpendingLedger)? = nil,
        check: @escaping @Sendable (Workspace) throws -> Void = { _ in }, forewarning: @escaping Prospect.Forewarning = { _ in [] },
        typicalSeconds: @escaping TypicalSeconds = { _, _ in nil }
    ) {
        self.typicalSeconds = typicalSeconds
        (self.check, self.forewarning) = (check, forewarning)
        self.ledger = ledger ?? NoLedger()
        self.cache = cache
        self.remotes = remotes
        self.cluster = cluster
        self.tools = Dictionary(tools.map { ($0.name, $0) }) { first, _ in first }
        self.pipelines = pipelines
        self.runner = runner
        self.fingerprint = fingerprint
        self.shownFrom = shownFrom
        self.surroundings = surroundings
    }

    /// Puts away what this process needs no longer, as it ends: nothing is built any more.
    public func leave() { cache.leave() }

    /// How a place is named in messages and on a command line.
    public func shown(_ place: EpisodePlace) -> String { SourceFiles(shownFrom: shownFrom).shown(place.directory) }

    /// The cache, where a build's damage is met: it is an event of the build.
    func telling(_ events: BuildEvents) -> DiskCache {
        cache.telling { events.tell($0.code == .damagedCache ? .cacheHealed($0) : .warning($0)) }
    }

    /// The report of an up-to-date episode, if its memo can tell. Costs a few `stat`s, and opens no cache.
    /// - Parameters:
    ///   - shownFrom: the directory from which paths are named.
    ///   - variable: of the environment; nil if it is not set.
    public static func upToDateReport(
        of place: EpisodePlace, fingerprint: String, shownFrom: String, variable: (String) -> String?
    ) -> BuildReport? {
        let verdict = Memo.check(memoPath(of: place), of: place.directory, fingerprint: fingerprint, variable: variable)
        guard case .upToDate(var report) = verdict else { return nil }
        let files = SourceFiles(shownFrom: shownFrom)
        report.episode = files.shown(place.directory)
        report.warnings = report.warnings.map { $0.moved(to: files.shown) }
        return report
    }

    /// The report of an up-to-date episode; nil if its memo cannot tell.
    public func upToDateReport(of place: EpisodePlace) -> BuildReport? {
        Self.upToDateReport(of: place, fingerprint: fingerprint, shownFrom: shownFrom, variable: surroundings.variable)
    }

    /// What the last build of an episode came to; nil if there was none.
    public static func lastReport(of place: EpisodePlace) -> BuildReport? {
        StateFile.read(memoPath(of: place)).flatMap(Memo.init(encoded:))?.report
    }

    /// Goes through an episode's plan until it settles, and writes what came of it.
    /// - Parameters:
    ///   - discards: is given what is to be deleted when nobody waits any more.
    ///   - leaving: is given what the build has looked at, however it ends.
    /// - Throws: `Diagnostic` or `DiagnosticList` if what the person wrote is wrong; a step that fails is part of the report.
    func build(
        _ place: EpisodePlace, _ options: BuildOptions, _ events: BuildEvents, stop: BuildStop, discards: DiscardPile,
        leaving: (Footprint) -> Void
    ) async throws -> BuildReport {
        try cache.requireWriting()
        // For the first pass alone: it may be wrong about what was damaged.
        var recall: Task? = recalling(place, sweeping: true)
        let (cache, earned, asked) = (telling(events), Earnings(), ProgramVersions(runner: runner.forBuild()))
        var repeats = PassRepeats()
        while true {
            let last = try LastBuild(of: place, fingerprint: fingerprint)
            let session = BuildSession(
                builder: self, place: place, options: options, events: events, cache: cache, last: last, earned: earned, asked: asked,
                recall: recall.take(), discards: discards)
            defer { leaving(session.footprint) }
            do {
                return try await session.run(stop: stop)
            } catch let damage as DamagedInput {
                try repeats.note(damage.what)
                events.tell(.passRepeated(reason: damage.what))
            }
        }
    }

    /// Reads what the last build knew of the cache, while others read what is to be built.
    /// - Parameter sweeping: whether to remove what dead processes have left, too.
    func recalling(_ place: EpisodePlace, sweeping: Bool = false) -> Task<Recall?, Never> {
        Task { [fingerprint, cache] in
            if sweeping { Leftovers.sweep(place) }
            return Recall(of: place, fingerprint: fingerprint, in: cache)
        }
    }

    static func memoPath(of place: EpisodePlace) -> String { "\(place.stateDirectory)/memo/\(place.stateName)" }

    /// How many steps that keep a processor busy run at once.
    public func width(_ workspace: Workspace, _ options: BuildOptions) -> Int {
        min(MachineLimits.steps, options.jobs ?? workspace.limits.jobs ?? Self.usualJobs)
    }

    public static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// One more than there are processors: while a program begins or ends, another has its processor.
    private static var usualJobs: Int { processors + 1 }

    /// How many steps of each pool run at once, as far as that saves time: more of what keeps a processor busy than there are processors
    /// take no less.
    public func usefulWidths(_ workspace: Workspace, _ options: BuildOptions) -> [Pool: Int] {
        var widths = limits(workspace, options)
        widths[.cpu] = min(width(workspace, options), Self.processors)
        return widths
    }

    func limits(_ workspace: Workspace, _ options: BuildOptions, _ cluster: (any ProgramCluster)? = nil) -> [Pool: Int] {
        let width = width(workspace, options)
        var limits: [Pool: Int] = [
            .cpu: width, .llm: min(MachineLimits.steps, workspace.limits.llm), .tts: min(MachineLimits.steps, workspace.limits.tts),
            // Far more than connections: those that wait to become durable need none, and hundreds become so together.
            .fetch: 512,
        ]
        if let cluster { limits[.remote] = min(MachineLimits.steps, options.remoteJobs ?? cluster.places) }
        for (name, width) in workspace.limits.pools { limits[Pool(name)] = min(MachineLimits.steps, width) }
        for provider in workspace.providers {
            guard let pool = provider.pool, let limit = provider.limit else { continue }
            limits[pool] = min(MachineLimits.steps, limit)
        }
        return limits
    }
}
