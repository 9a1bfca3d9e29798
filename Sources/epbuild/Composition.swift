import EpCache
import EpCore
import EpDesk
import EpEngine
import EpHTTP
import EpHistory
import EpPlan
import EpExecution
import EpProviders
import EpTools
import DocumentaryPipeline
import EpWebhooks
import NewsroomPipeline
import NovelPipeline
import PodcastPipeline
import VideoPipeline

/// Puts the parts together: the one place that knows all of them.
struct Composition {
    /// Those that shows may take over.
    static let pipelines: [ShippedPipeline] = [.podcast, .newsroom, .novel, .video, .documentary]

    let setting = Setting()
    let vendors = Vendors.shipped
    let services: Services
    let tools: [any Tool]
    /// What programs of stages run in; nil: they see all of this machine.
    var sandbox: Sandbox?

    init() { self.init(Services(client: Self.client(), secrets: Secrets(environment: Setting.variable))) }

    /// Asks services, and writes down what is said.
    /// - Throws: `Diagnostic` if the directory cannot be made.
    init(recordingInto directory: String) throws(Diagnostic) {
        let client = try RecordingClient(Self.client(), into: Setting().absolute(directory))
        self.init(Services(client: client, secrets: Secrets(environment: Setting.variable)))
    }

    /// Asks nobody, and needs no key.
    /// - Throws: `Diagnostic` (usage) if there is no such directory.
    init(replayingFrom directory: String) throws(Diagnostic) {
        self.init(Services(client: try ReplayingClient(from: Setting().absolute(directory)), secrets: Secrets { Setting.variable($0) ?? "replayed" }))
    }

    private static func client() -> CurlClient { CurlClient(connections: 64) }

    private init(_ services: Services) {
        self.services = services
        tools = ToolCatalog(vendors, services).tools
    }

    /// The cache, to look into; whoever is going to write asks whether that is possible.
    func cache(_ onDamage: @escaping @Sendable (Diagnostic) -> Void = { Console.report($0) }) -> DiskCache {
        DiskCache(lookingInto: setting.cachePath, onDamage: onDamage)
    }

    /// Who is told of builds over HTTP. It has a client of its own: what it sends is not recorded as a service's.
    func webhooks(isOffline: Bool, warn: @escaping @Sendable (Diagnostic) -> Void) -> Webhooks {
        let secrets = Secrets(environment: Setting.variable)
        return Webhooks(
            client: CurlClient(connections: 4),
            secret: { variable, workspace throws(Diagnostic) in try secrets.value(of: variable, in: workspace) }, isOffline: isOffline, warn: warn)
    }

    /// - Parameters:
    ///   - isStrict: a shared cache's trouble is an error, not only a warning.
    ///   - webhooks: whose secrets are looked at before a build.
    func builder(isStrict: Bool = false, webhooks: Webhooks? = nil) throws -> Builder {
        let remotes = Remotes(isStrict: isStrict)
        return Builder(
            cache: cache(), remotes: { try remotes.stores(of: $0, warn: $1) }, tools: tools, pipelines: Self.pipelines,
            runner: ToolRunner(
                tools: tools, searchPath: setting.searchPath, temporaryDirectory: setting.temporaryDirectory, ownPath: setting.ownPath, sandbox: sandbox),
            fingerprint: setting.fingerprint, shownFrom: setting.directory, surroundings: Self.surroundings, ledger: Ledger(), check: { try webhooks?.check($0) },
            forewarning: Forewarnings(vendors: vendors, services: services, cachePath: setting.cachePath).about,
            typicalSeconds: TypicalDurations().seconds)
    }

    /// - Parameters:
    ///   - isStrict: as ``builder(isStrict:webhooks:)``.
    ///   - webhooks: who is told of builds; nil: nobody.
    ///   - warn: is told of what goes wrong beside what was asked for.
    func desk(isStrict: Bool = false, telling webhooks: Webhooks? = nil, warn: @escaping @Sendable (Diagnostic) -> Void = { Console.report($0) }) throws -> Desk {
        let readers: @Sendable (EpisodePlace) -> [BuildReading] = { place in
            webhooks.map { [BuildReading(WebhookObserver($0, place, subject: EpisodeName(place).text))] } ?? []
        }
        return Desk(try builder(isStrict: isStrict, webhooks: webhooks), personName: { Setting.userName }, readers: readers, warn: warn)
    }

    private static let surroundings: Surroundings = {
        var surroundings = Surroundings.system
        surroundings.variable = { Setting.value($0) }
        return surroundings
    }()

    /// Every episode that the paths stand for, each once.
    func episodes(_ paths: [String]) throws -> [EpisodePlace] {
        var seen: Set<EpisodePlace> = []
        return Discovery.inOrder(try paths.flatMap { try Discovery.episodes(at: $0, from: setting.directory) { Console.report($0) } }.filter { seen.insert($0).inserted })
    }
}
