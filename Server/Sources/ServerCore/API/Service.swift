import EpCore
public import EpDesk
import EpEngine
public import EpFiles
import Synchronization

/// Answers requests: lets in, looks up, asks the desk, and says what came of it. Knows no sockets, so all of it is tested without any.
public final class Service: Sendable {
    let doorkeeper: Doorkeeper
    let source: CatalogSource
    let desk: @Sendable (String) throws -> Desk
    let runner: JobRunner
    let hubs: [String: EventHub]
    let audit: AuditLog
    let providers: ProviderRoom
    let watch = EpisodeWatch()
    let views = EpisodeMemory<EpisodeView>()
    let details = EpisodeMemory<EpisodeDetail>()
    let clock: WallClock
    let version: String
    private let counts = Mutex<[Int: Int]>([:])

    /// - Parameters:
    ///   - desk: a desk for a person.
    ///   - hubs: by a workspace's directory.
    public init(
        _ doorkeeper: Doorkeeper, _ source: CatalogSource, desk: @escaping @Sendable (String) throws -> Desk, runner: JobRunner,
        hubs: [String: EventHub],
        audit: AuditLog, providers: ProviderRoom, clock: WallClock = .system, version: String
    ) {
        (self.doorkeeper, self.source, self.desk, self.runner, self.hubs) = (doorkeeper, source, desk, runner, hubs)
        (self.audit, self.providers, self.clock, self.version) = (audit, providers, clock, version)
    }

    /// One request that was let in.
    struct Call {
        let request: WebRequest
        let route: Route
        let parameters: [String: String]
        let visitor: Doorkeeper.Visitor?
        let catalog: Catalog

        var user: User { visitor?.user ?? User(name: "nobody", role: .viewer) }

        /// - Throws: `Problem` 404.
        func episode() throws(Problem) -> Catalog.Entry {
            if let entry = catalog.episode(parameters["episode"] ?? "") { return entry }
            let names = catalog.episodes.map(\.name)
            throw Problem(
                Diagnostic(.usage, "there is no such episode", remedy: Suggestion.remedy(for: parameters["episode"] ?? "", in: names)))
        }

        /// - Throws: `Problem` 404.
        func workspace() throws(Problem) -> EpisodePlace {
            if let place = catalog.workspace(parameters["workspace"] ?? "") { return place }
            throw Problem(Diagnostic(.usage, "there is no such workspace", remedy: catalog.workspaces.map(\.name).joined(separator: ", ")))
        }

        /// - Throws: `Problem` 422.
        func target() throws(Problem) -> Target {
            guard let text = request.query["target"], !text.isEmpty else { throw Problem(422, "which target? Add ?target=") }
            return Target(parsing: text)
        }

        func fields() throws(Problem) -> Fields { try Fields(request, of: route) }
    }

    /// What is answered to a request, whatever it is.
    public func answer(_ request: WebRequest) async -> Answer {
        var (answer, name, isPage): (Answer, String?, Bool)
        do {
            let (route, parameters, visitor) = try doorkeeper.admit(request)
            (name, isPage) = (visitor?.user.name, route.isPage || route.endpoint == .open)
            let call = Call(request: request, route: route, parameters: parameters, visitor: visitor, catalog: source.catalog)
            defer { if !request.isRead { watch.forget() } }
            do {
                answer = try await self.answer(call)
            } catch {
                let problem = Problem(error)
                let episode = parameters["episode"].flatMap(call.catalog.episode)?.name
                answer = isPage ? ProblemPage(problem, episode: request.isRead ? nil : episode).answer : problem.answer
            }
        } catch {
            (name, isPage) = (nil, request.header("accept")?.hasPrefix("text/html") == true)
            answer = isPage ? ProblemPage(error).answer : error.answer
        }
        ProtectiveHeaders.add(to: &answer)
        if request.method == "HEAD" { answer = Answer(answer.status, answer.headers + [("content-length", "\(answer.length ?? 0)")]) }
        if !request.isRead || answer.status == 401 || answer.status == 403 || answer.status == 421 || answer.status == 429 {
            audit.note(request, by: name, status: answer.status, at: clock.now())
        }
        counts.withLock { $0[answer.status, default: 0] += 1 }
        return answer
    }

    private func answer(_ call: Call) async throws -> Answer {
        switch call.route.endpoint {
        case .health, .apiHealth: return .json(["status": "ok"])
        case .readiness:
            _ = try await runner.store.counts()
            guard !audit.isFailing else { throw Problem(503, "the audit log cannot be written") }
            return .json(["status": "ready"])
        case .metrics: return try await metrics()
        case .openAPI: return .json(OpenAPI.document(version: version))
        case .open: return try open(call)
        case .close:
            doorkeeper.close(call.request)
            return ClosedPage().answer
        case .events: return try events(call)
        case .artifact: return try artifact(call)
        case .asset: return try Asset.answer(call.parameters["asset"] ?? "")
        case .builds, .startBuild, .build, .buildOutputs, .cancelBuild, .pauseBuild, .resumeBuild, .pauseWorkspace, .resumeWorkspace:
            return try await builds(call)
        case .templates, .schedules, .template, .putTemplate, .removeTemplate, .startTemplate: return try await template(call)
        case .resetProvider: return .json(["reset": .bool(try providers.reset(call.parameters["provider"] ?? "", of: call.workspace()))])
        case .extend, .rollback: return try await move(call)
        case .accept, .unaccept, .saveText, .say, .approve, .reject, .clean, .use, .skip, .unskip, .pin, .unpin, .revert:
            return try await decide(call)
        case .inboxPage, .episodesPage, .episodePage, .scriptPage, .artifactPage, .buildsPage, .moneyPage, .healthPage:
            return try await page(call)
        case .decideForm, .buildForm, .showForm, .sayForm, .takeForm, .itemsForm, .stopForm, .templateForm, .providerForm: return try await form(call)
        default: return try await read(call)
        }
    }

    // MARK: what is no episode's

    private func open(_ call: Call) throws -> Answer {
        let cookie = try doorkeeper.open(token: call.request.query["token"] ?? "")
        var answer = OpenPage().answer
        // A redirection from another site's link would come without a strict cookie; a page that leads on does not.
        answer.headers.append(("set-cookie", cookie))
        return answer
    }

    private func events(_ call: Call) throws -> Answer {
        let place = try call.request.query["workspace"].map { name throws(Problem) in
            guard let place = call.catalog.workspace(name) else { throw Problem(404, "there is no such workspace") }
            return place
        } ?? call.catalog.workspaces.first?.place
        guard let place, let hub = hubs[place.workspace] else { throw Problem(404, "there is no such workspace") }
        guard let feed = hub.feed(after: call.request.header("last-event-id")) else { throw Problem(503, "too many listen already") }
        return Answer(200, [("content-type", "text/event-stream"), ("x-accel-buffering", "no")], body: .events(feed))
    }

    private func artifact(_ call: Call) throws -> Answer {
        let hex = call.parameters["sha256"] ?? ""
        guard let digest = Digest(hex: hex, size: 0), let blob = try desk(call.user.name).blob(sha256: digest.hex) else {
            throw Problem(404, "there is no such artifact here")
        }
        let name = call.request.query["name"] ?? ""
        var headers: [(name: String, value: String)] = [
            ("content-type", MediaName(name).type), ("accept-ranges", "bytes"), ("etag", "\"\(hex)\""),
            ("content-security-policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'"),
        ]
        switch ByteRange(call.request.header("range"), of: blob.count) {
        case .whole: return Answer(200, headers, body: .blob(blob, 0..<blob.count))
        case .part(let range):
            headers.append(("content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(blob.count)"))
            return Answer(206, headers, body: .blob(blob, range))
        case .unsatisfiable: throw Problem(416, "that lies past the end", headers: [("content-range", "bytes */\(blob.count)")])
        }
    }

    private func metrics() async throws -> Answer {
        let jobs = try await runner.store.counts()
        var lines = ["# HELP epbuild_jobs Builds that were asked for, by state.", "# TYPE epbuild_jobs gauge"]
        for state in Job.State.allCases { lines.append("epbuild_jobs{state=\"\(state.rawValue)\"} \(jobs[state] ?? 0)") }
        lines += ["# HELP epbuild_answers_total Answers, by status.", "# TYPE epbuild_answers_total counter"]
        for (status, count) in counts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            lines.append("epbuild_answers_total{status=\"\(status)\"} \(count)")
        }
        lines += ["# HELP epbuild_audit_failures_total Requests that the audit log lacks.", "# TYPE epbuild_audit_failures_total counter"]
        lines.append("epbuild_audit_failures_total \(audit.failures)")
        lines += ["# HELP epbuild_listeners Streams of events that are open.", "# TYPE epbuild_listeners gauge"]
        lines.append("epbuild_listeners \(hubs.values.reduce(0) { $0 + $1.listenerCount })")
        return .text(lines.joined(separator: "\n") + "\n", "text/plain; version=0.0.4")
    }

    // MARK: its end

    /// Tells every listener, and leaves what runs so that another start goes on with it.
    public func end() {
        runner.end()
        hubs.values.forEach { $0.end() }
    }
}

/// What a file is, by the end of its name.
struct MediaName {
    let type: String
    /// False if the name says nothing of what it is.
    let isKnown: Bool

    init(_ name: String) {
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        isKnown = Self.types[ending] != nil
        type = Self.types[ending] ?? "application/octet-stream"
    }

    var isSound: Bool { type.hasPrefix("audio/") }
    var isPicture: Bool { type.hasPrefix("image/") && type != "image/svg+xml" }
    var isFilm: Bool { type.hasPrefix("video/") }
    var isText: Bool { type.hasPrefix("text/") || type.hasPrefix("application/json") }

    private static let types = [
        "wav": "audio/wav", "mp3": "audio/mpeg", "flac": "audio/flac", "opus": "audio/ogg", "ogg": "audio/ogg", "m4a": "audio/mp4",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "svg": "image/svg+xml",
        "mp4": "video/mp4", "webm": "video/webm", "json": "application/json", "xml": "text/plain; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "txt": "text/plain; charset=utf-8", "md": "text/plain; charset=utf-8", "fountain": "text/plain; charset=utf-8",
        "yaml": "text/plain; charset=utf-8", "yml": "text/plain; charset=utf-8", "vtt": "text/vtt; charset=utf-8",
        "srt": "text/plain; charset=utf-8", "csv": "text/plain; charset=utf-8", "epub": "application/epub+zip",
    ]
}
