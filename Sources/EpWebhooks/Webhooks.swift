public import EpCore
public import EpEngine
import EpFiles
public import EpHTTP
public import EpPlan
import Synchronization

/// Sends what happens in builds to whoever `webhooks:` names. Nothing of it delays or fails a build.
///
/// A message is kept on disk until it has arrived. It is sent at once, again after a while for as long as this process
/// builds, and again by later builds.
public final class Webhooks: Sendable {
    /// The value of a variable, for a workspace; nil if nobody has set it.
    public typealias Secret = @Sendable (_ variable: String, _ workspace: String) throws(Diagnostic) -> String?

    /// Waits between tries in one process.
    static let waits: [Duration] = [.seconds(5), .seconds(30), .seconds(120), .seconds(300)]
    /// How long a message is tried, over all builds: three days.
    static let longestAgeSeconds = 3.0 * 86_400
    /// How many messages of a workspace are kept.
    static let mostKept = 500
    /// How long the end of a command waits for first tries.
    static let patience = Duration.seconds(2)

    private let delivery: WebhookDelivery
    private let secret: Secret
    private let isOffline: Bool
    private let sleep: @Sendable (Duration) async throws -> Void
    private let warn: @Sendable (Diagnostic) -> Void
    private let state = Mutex(State())

    private struct State {
        /// By workspace.
        var hooks: [Path: [Webhook]] = [:]
        var tasks: [Task<Void, Never>] = []
        /// Ends of first tries.
        var firsts: [AsyncStream<Never>] = []
        /// Messages that have not arrived, by host: how many, and why the last has not.
        var open: [String: (count: Int, reason: String)] = [:]
    }

    /// - Parameters:
    ///   - isOffline: sends to this machine alone.
    ///   - warn: is told what did not arrive. May be called from any thread.
    public init(
        client: any HTTPClient, secret: @escaping Secret, isOffline: Bool, surroundings: Surroundings = .system,
        warn: @escaping @Sendable (Diagnostic) -> Void
    ) {
        delivery = WebhookDelivery(client: client, clock: surroundings.clock)
        (self.secret, self.isOffline, sleep, self.warn) = (secret, isOffline, surroundings.sleep, warn)
    }

    // MARK: who is told

    /// Looks whether the secrets of a workspace are some. One that is not set is no mistake: another machine may have it.
    /// - Throws: `DiagnosticList`, or `Diagnostic` if the file of secrets can be read by others.
    public func check(_ workspace: Workspace) throws {
        let problems = try workspace.webhooks.compactMap { settings -> Diagnostic? in
            guard let text = try secret(settings.secretVariable, workspace.directory), WebhookSecret(text) == nil else { return nil }
            return Diagnostic(
                .badInput, "\(settings.secretVariable) is not the secret of a webhook", at: settings.location,
                remedy: "it is `whsec_` and 24 to 64 bytes in Base64: echo whsec_$(openssl rand -base64 32)")
        }
        if !problems.isEmpty { throw DiagnosticList(problems) }
    }

    /// Whoever is to be told of a workspace, as it was last looked at.
    func hooks(of place: EpisodePlace) -> [Webhook] { state.withLock { $0.hooks[Path(place.workspace)] } ?? look(at: place) }

    /// Reads who is to be told of a workspace. What earlier builds have left is sent the first time.
    @discardableResult
    func look(at place: EpisodePlace) -> [Webhook] {
        let outbox = Outbox(stateDirectory: place.stateDirectory)
        let configured = Self.settings(of: place).filter { $0.isLocal || !isOffline }
        let hooks = configured.compactMap { settings in webhook(settings, place.workspace) }.filter { !outbox.hasStopped($0) }
        let isFirst = state.withLock { $0.hooks.updateValue(hooks, forKey: Path(place.workspace)) } == nil
        if isFirst { sendLeft(outbox, hooks, configured) }
        return hooks
    }

    /// What is wrong there is told by the build that reads it, too.
    private static func settings(of place: EpisodePlace) -> [WebhookSettings] {
        let path = "\(place.workspace)/epbuild.yaml"
        guard let bytes = (try? Files.read(path)) ?? nil, let node = try? Node(parsing: bytes, file: path) else { return [] }
        return (try? Workspace(directory: place.workspace, node).webhooks) ?? []
    }

    private func webhook(_ settings: WebhookSettings, _ workspace: String) -> Webhook? {
        guard let text = (try? secret(settings.secretVariable, workspace)) ?? nil else {
            tell(
                "\(settings.secretVariable) is not set: nothing is sent to \(settings.host)",
                "export it, or write it into `.env` beside epbuild.yaml (chmod 600)")
            return nil
        }
        return WebhookSecret(text).map { Webhook(settings: settings, secret: $0) }
    }

    // MARK: sending

    func tell(_ event: BuildEvent, about subject: String, of place: EpisodePlace) {
        let outbox = Outbox(stateDirectory: place.stateDirectory)
        for hook in hooks(of: place) where hook.wants(event.kind) && !outbox.hasStopped(hook) {
            do throws(Diagnostic) {
                if let held = try outbox.keep(WebhookMessage(event, about: subject, for: hook)) { send(held, to: hook, outbox) }
            } catch {
                tell("\(hook.settings.host) is not told of \(event.kind.name): \(error.message)", error.remedy)
            }
        }
    }

    private func sendLeft(_ outbox: Outbox, _ hooks: [Webhook], _ configured: [WebhookSettings]) {
        let left = outbox.left()
        let marks = Set(configured.map { Webhook.mark(of: $0.url) })
        var givenUp = 0
        for (number, held) in left.enumerated() {
            let age = held.message.age(at: delivery.clock.now()) ?? .infinity
            if age > Self.longestAgeSeconds || left.count - number > Self.mostKept || (!isOffline && !marks.contains(held.message.hook)) {
                held.remove()
                givenUp += 1
            } else if let hook = hooks.first(where: { $0.mark == held.message.hook }) {
                send(held, to: hook, outbox)
            }
        }
        guard givenUp > 0 else { return }
        let why = "they have not arrived within three days, or epbuild.yaml does not name their hook any more"
        tell("\(givenUp) messages to webhooks are given up: \(why)", nil)
    }

    private func send(_ held: Outbox.Held, to hook: Webhook, _ outbox: Outbox) {
        let (first, end) = AsyncStream.makeStream(of: Never.self)
        let host = hook.settings.host
        state.withLock { known in
            known.open[host, default: (0, "")].count += 1
            known.firsts.append(first)
            known.tasks.append(Task { [self] in
                defer { end.finish() }
                for wait in [nil] + Self.waits.map(Optional.some) {
                    if let wait, (try? await sleep(wait)) == nil { return }
                    let isDone = await attempt(held, to: hook, outbox)
                    end.finish()
                    if isDone { return }
                }
            })
        }
    }

    /// - Returns: false if it is to be sent again.
    private func attempt(_ held: Outbox.Held, to hook: Webhook, _ outbox: Outbox) async -> Bool {
        let host = hook.settings.host
        // Another message may have met that meanwhile.
        let outcome = outbox.hasStopped(hook) ? .arrived : await delivery.send(held.message, to: hook)
        if case .failed(let reason) = outcome {
            if !Task.isCancelled { state.withLock { $0.open[host]?.reason = reason } }
            return false
        }
        held.remove()
        state.withLock { $0.open[host]?.count -= 1 }
        if outcome == .gone { stop(hook, outbox) }
        return true
    }

    private func stop(_ hook: Webhook, _ outbox: Outbox) {
        let isNew = !outbox.hasStopped(hook)
        outbox.stop(hook)
        guard isNew else { return }
        tell(
            "\(hook.settings.host) wants no more messages (410): nothing is sent there any more",
            "take the webhook out of epbuild.yaml, or delete \(outbox.mark(of: hook))")
    }

    // MARK: the end

    /// Waits a little for what was never tried, and then leaves what has not arrived to the next build, which is said.
    public func settle() async {
        let (firsts, tasks) = state.withLock { state in
            defer { (state.firsts, state.tasks) = ([], []) }
            return (state.firsts, state.tasks)
        }
        guard !tasks.isEmpty else { return }
        await withTaskGroup(of: Void.self) { [sleep] group in
            group.addTask { for first in firsts { for await _ in first {} } }
            group.addTask { try? await sleep(Self.patience) }
            await group.next()
            group.cancelAll()
        }
        tasks.forEach { $0.cancel() }
        for task in tasks { await task.value }
        let open = state.withLock { state in
            defer { state.open = [:] }
            return state.open.filter { $0.value.count > 0 }
        }
        for (host, left) in open.sorted(by: { $0.key < $1.key }) {
            let why = left.reason.isEmpty ? "it has not answered yet" : left.reason
            tell(
                "\(left.count) message\(left.count == 1 ? "" : "s") to \(host) did not arrive: \(why)",
                "kept, and sent again by later builds, for three days")
        }
    }

    private func tell(_ message: String, _ remedy: String?) {
        warn(Diagnostic(.remote, "webhooks: \(message)", remedy: remedy, severity: .warning))
    }
}
