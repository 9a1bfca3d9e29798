import DocumentaryPipeline
public import EpCache
public import EpCore
public import EpDesk
public import EpEngine
public import EpExecution
import EpHTTP
import EpHistory
public import EpPlan
public import EpProviders
import EpTools
public import EpWebhooks
import NewsroomPipeline
import NovelPipeline
import PodcastPipeline
import VideoPipeline

/// Puts the parts together: the one place that knows all of them.
public struct Composition: Sendable {
    /// Those that shows may take over.
    public static let pipelines: [ShippedPipeline] = [.podcast, .newsroom, .novel, .video, .documentary]

    public let setting: Setting
    public let vendors: Vendors
    public let services: Services
    public let tools: [any Tool]
    /// What programs of stages run in; nil: they see all of this machine.
    public var sandbox: Sandbox?

    /// Is told of what goes wrong beside what was asked for.
    private let warn: @Sendable (Diagnostic) -> Void

    /// - Parameters:
    ///   - program: where `epbuild` lies, for another program that works with it.
    ///   - warn: is told of what goes wrong beside what was asked for. May be called from any thread.
    public init(program: String? = nil, warn: @escaping @Sendable (Diagnostic) -> Void) {
        self.init(Services(client: Self.client(), secrets: Secrets(environment: Setting.variable)), Setting(program: program), warn)
    }

    /// Asks services, and writes down what is said.
    /// - Throws: `Diagnostic` if the directory cannot be made.
    public init(recordingInto directory: String, warn: @escaping @Sendable (Diagnostic) -> Void) throws(Diagnostic) {
        let setting = Setting()
        let client = try RecordingClient(Self.client(), into: setting.absolute(directory))
        self.init(Services(client: client, secrets: Secrets(environment: Setting.variable)), setting, warn)
    }

    /// Asks nobody, and needs no key.
    /// - Throws: `Diagnostic` (usage) if there is no such directory.
    public init(replayingFrom directory: String, warn: @escaping @Sendable (Diagnostic) -> Void) throws(Diagnostic) {
        let setting = Setting()
        let client = try ReplayingClient(from: setting.absolute(directory))
        self.init(Services(client: client, secrets: Secrets { Setting.variable($0) ?? "replayed" }), setting, warn)
    }

    private static func client() -> CurlClient { CurlClient(connections: 64) }

    private init(_ services: Services, _ setting: Setting, _ warn: @escaping @Sendable (Diagnostic) -> Void) {
        (vendors, self.services, self.setting, self.warn) = (.shipped, services, setting, warn)
        tools = ToolCatalog(vendors, services).tools
    }

    /// The cache, to look into; whoever is going to write asks whether that is possible.
    public func cache(_ onDamage: (@Sendable (Diagnostic) -> Void)? = nil) -> DiskCache {
        DiskCache(lookingInto: setting.cachePath, onDamage: onDamage ?? warn)
    }

    /// Who is told of builds over HTTP. It has a client of its own: what it sends is not recorded as a service's.
    public func webhooks(isOffline: Bool, warn: @escaping @Sendable (Diagnostic) -> Void) -> Webhooks {
        let secrets = Secrets(environment: Setting.variable)
        return Webhooks(
            client: CurlClient(connections: 4),
            secret: { variable, workspace throws(Diagnostic) in try secrets.value(of: variable, in: workspace) }, isOffline: isOffline,
            warn: warn)
    }

    /// - Parameters:
    ///   - isStrict: a shared cache's trouble is an error, not only a warning.
    ///   - webhooks: whose secrets are looked at before a build.
    public func builder(isStrict: Bool = false, webhooks: Webhooks? = nil) throws -> Builder {
        let ownPath = setting.ownPath
        let (remotes, clusters) = (Remotes(isStrict: isStrict), Clusters(tools: tools, ownPath: ownPath))
        return Builder(
            cache: cache(), remotes: { try remotes.stores(of: $0, warn: $1) }, cluster: { try clusters.cluster(of: $0, warn: $1) },
            tools: tools, pipelines: Self.pipelines,
            runner: ToolRunner(
                tools: tools, searchPath: setting.searchPath, temporaryDirectory: setting.temporaryDirectory, ownPath: ownPath,
                sandbox: sandbox),
            fingerprint: setting.fingerprint, shownFrom: setting.directory, surroundings: Self.surroundings, ledger: Ledger(),
            check: { try webhooks?.check($0) },
            forewarning: Forewarnings(vendors: vendors, services: services, cachePath: setting.cachePath).about,
            typicalSeconds: TypicalDurations().seconds)
    }

    /// - Parameters:
    ///   - isStrict: as ``builder(isStrict:webhooks:)``.
    ///   - webhooks: who is told of builds; nil: nobody.
    ///   - warn: is told of what goes wrong beside what was asked for.
    public func desk(
        isStrict: Bool = false, telling webhooks: Webhooks? = nil, warn: (@Sendable (Diagnostic) -> Void)? = nil
    ) throws -> Desk {
        let readers: @Sendable (EpisodePlace) -> [BuildReading] = { place in
            webhooks.map { [BuildReading(WebhookObserver($0, place, subject: EpisodeName(place).text))] } ?? []
        }
        return Desk(
            try builder(isStrict: isStrict, webhooks: webhooks), personName: { Setting.userName }, readers: readers, warn: warn ?? self.warn
        )
    }

    private static let surroundings: Surroundings = {
        var surroundings = Surroundings.system
        surroundings.variable = { Setting.value($0) }
        return surroundings
    }()

    /// What measures finished files, and listens to lines. No sandbox: nothing of it is a stage's.
    public var examiner: Examiner {
        let runner = ToolRunner(
            tools: tools, searchPath: setting.searchPath, temporaryDirectory: setting.temporaryDirectory, ownPath: setting.ownPath)
        return Examiner(runner, vendors: vendors, cache: cache(), temporaryDirectory: setting.temporaryDirectory)
    }

    /// Every episode that the paths stand for, each once.
    public func episodes(_ paths: [String]) throws -> [EpisodePlace] {
        inOrder(try paths.flatMap { try Discovery.episodes(at: $0, from: setting.directory, warn: warn) })
    }

    /// Each of them once, in the order in which they are built.
    public func inOrder(_ places: [EpisodePlace]) -> [EpisodePlace] {
        var seen: Set<EpisodePlace> = []
        return Discovery.inOrder(places.filter { seen.insert($0).inserted })
    }
}
