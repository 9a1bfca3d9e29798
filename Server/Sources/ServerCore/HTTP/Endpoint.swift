/// Everything that can be asked of the server over HTTP: one case for each method and path.
public enum Endpoint: String, CaseIterable, Sendable {
    case health, apiHealth, readiness, metrics, open, close, openAPI
    case workspaces, shows, episodes, episode, plan, graph, why, takes, lines, artifacts, texts, text, saveText, say
    case log, pastBuild, costs, recovery, inbox, approve, reject, clean, use, skip, unskip, pin, unpin, revert
    case builds, startBuild, build, buildOutputs, cancelBuild, pauseBuild, resumeBuild, pauseWorkspace, resumeWorkspace
    case diff, accept, unaccept, extend, rollback, stats, providers, resetProvider, doctor
    case templates, schedules, template, putTemplate, removeTemplate, startTemplate
    case events, artifact
    case inboxPage, episodesPage, episodePage, scriptPage, artifactPage, buildsPage, moneyPage, healthPage, asset
    case decideForm, buildForm, showForm, sayForm, takeForm, itemsForm, stopForm, templateForm, providerForm
}

/// How one thing is asked for, and who may ask. The dispatcher, the document of the API and the tests read this one table.
public struct Route: Sendable {
    public let endpoint: Endpoint
    public let method: String
    /// `{name}` stands for any one part.
    public let template: String
    /// Nil: anybody who reaches the server.
    public let role: Role?
    public let summary: String
    public let query: [String]
    /// The members of the object that is sent, by name; those that may be left out end in `?`.
    public let body: [(name: String, type: String)]

    /// True for what a browser without script sends.
    public var isForm: Bool { !template.hasPrefix("/api/") && method == "POST" }
    public var isPage: Bool { !template.hasPrefix("/api/") && role != nil && endpoint != .metrics && endpoint != .asset }

    /// True if every member may be left out, and so the whole object.
    var isBodyOptional: Bool { body.allSatisfy { $0.name.hasSuffix("?") } }
    let parts: [Substring]

    /// The values of its parameters, if a path is its.
    func match(_ path: [String]) -> [String: String]? {
        guard parts.count == path.count else { return nil }
        var values: [String: String] = [:]
        for (part, given) in zip(parts, path) {
            if part.first == "{" {
                guard !given.isEmpty else { return nil }
                values[String(part.dropFirst().dropLast())] = given
            } else if part != given {
                return nil
            }
        }
        return values
    }

    init(
        _ endpoint: Endpoint, _ method: String, _ template: String, _ role: Role?, _ summary: String, query: [String] = [],
        body: [(name: String, type: String)] = []
    ) {
        (self.endpoint, self.method, self.template, self.role) = (endpoint, method, template, role)
        (self.summary, self.query, self.body) = (summary, query, body)
        parts = template.split(separator: "/")
    }
}

extension Route {
    /// What a path and a method ask for.
    public enum Match: Sendable {
        case route(Route, [String: String])
        /// The path is there, for these methods.
        case otherMethod([String])
        case nothing
    }

    public static func find(_ method: String, _ path: [String]) -> Match {
        let asked = method == "HEAD" ? "GET" : method
        var methods: [String] = []
        for route in all {
            guard let values = route.match(path) else { continue }
            if route.method == asked { return .route(route, values) }
            methods.append(route.method)
        }
        return methods.isEmpty ? .nothing : .otherMethod(methods)
    }

    public static let all: [Route] = service + reads + decisions + builds + templates + pages

    private static let service = [
        Route(.health, "GET", "/healthz", nil, "True if the server runs"),
        Route(.apiHealth, "GET", "/api/v1/healthz", nil, "True if the server runs"),
        Route(.readiness, "GET", "/readyz", nil, "True if jobs can be taken"),
        Route(.metrics, "GET", "/metrics", .viewer, "Numbers for Prometheus"),
        Route(.open, "GET", "/open", nil, "Begins a session by a token", query: ["token"]),
        Route(.close, "POST", "/close", .viewer, "Ends the session"),
        Route(.openAPI, "GET", "/api/v1/openapi.json", .viewer, "This description"),
        Route(.events, "GET", "/api/v1/events", .viewer, "What happens, as server-sent events", query: ["workspace"]),
        Route(.artifact, "GET", "/api/v1/artifacts/{sha256}", .viewer, "The bytes of an artifact, or a range of them", query: ["name"]),
    ]

    private static let reads = [
        Route(.workspaces, "GET", "/api/v1/workspaces", .viewer, "The workspaces, and whether they are paused"),
        Route(.shows, "GET", "/api/v1/shows", .viewer, "The shows and their episodes"),
        Route(.episodes, "GET", "/api/v1/episodes", .viewer, "How all episodes stand"),
        Route(.inbox, "GET", "/api/v1/inbox", .viewer, "All that waits for a person"),
        Route(.episode, "GET", "/api/v1/episodes/{episode}", .viewer, "How an episode stands"),
        Route(.plan, "GET", "/api/v1/episodes/{episode}/plan", .viewer, "What a build would run and cost", query: ["target", "draft"]),
        Route(.graph, "GET", "/api/v1/episodes/{episode}/graph", .viewer, "Its stages and who reads whom", query: ["items"]),
        Route(.why, "GET", "/api/v1/episodes/{episode}/why", .viewer, "Why a target would run", query: ["target"]),
        Route(.takes, "GET", "/api/v1/episodes/{episode}/takes", .viewer, "The takes of a target", query: ["target"]),
        Route(
            .diff, "GET", "/api/v1/episodes/{episode}/diff", .viewer, "A hand edit against what was generated, or two takes",
            query: ["target", "takes"]),
        Route(.lines, "GET", "/api/v1/episodes/{episode}/lines", .viewer, "Its spoken lines"),
        Route(
            .artifacts, "GET", "/api/v1/episodes/{episode}/artifacts", .viewer, "Actions, inputs and outputs of a target", query: ["target"]
        ),
        Route(.texts, "GET", "/api/v1/episodes/{episode}/texts", .viewer, "The texts that a person may change"),
        Route(.text, "GET", "/api/v1/episodes/{episode}/text", .viewer, "One of these, with its digest", query: ["target"]),
        Route(.log, "GET", "/api/v1/episodes/{episode}/log", .viewer, "Past builds and decisions, newest first", query: ["limit"]),
        Route(.pastBuild, "GET", "/api/v1/episodes/{episode}/log/{number}", .viewer, "What one past build has run"),
        Route(.costs, "GET", "/api/v1/workspaces/{workspace}/costs", .viewer, "What was spent and saved", query: ["by", "episode"]),
        Route(.stats, "GET", "/api/v1/workspaces/{workspace}/stats", .viewer, "How long actions take and what they cost, by kind"),
        Route(
            .providers, "GET", "/api/v1/workspaces/{workspace}/providers", .viewer, "Who serves it, and who is left alone after failures"),
        Route(
            .doctor, "GET", "/api/v1/workspaces/{workspace}/doctor", .viewer, "What builds need on this machine, and whether it is there"),
        Route(.recovery, "GET", "/api/v1/workspaces/{workspace}/recovery", .viewer, "How failures ended"),
    ]

    private static let targets: [(name: String, type: String)] = [("targets", "strings")]
    private static let note: [(name: String, type: String)] = [
        ("targets", "strings"), ("note?", "string"), ("artifact?", "string"), ("build?", "boolean"),
    ]

    private static let decisions = [
        Route(
            .saveText, "PUT", "/api/v1/episodes/{episode}/text", .editor, "Writes a text in place of the one that was read",
            body: [("target", "string"), ("sha256", "string"), ("text", "string")]),
        Route(
            .say, "POST", "/api/v1/episodes/{episode}/say", .editor, "Changes the words of one spoken line",
            body: [("target", "string"), ("read", "string"), ("words", "string"), ("build?", "boolean")]),
        Route(.approve, "POST", "/api/v1/episodes/{episode}/approve", .approver, "Opens a gate", body: note),
        Route(
            .reject, "POST", "/api/v1/episodes/{episode}/reject", .approver, "Asks for another take, with the note as an input",
            body: note),
        Route(.clean, "POST", "/api/v1/episodes/{episode}/clean", .editor, "Asks for new takes", body: targets),
        Route(
            .use, "POST", "/api/v1/episodes/{episode}/use", .editor, "Chooses a take", body: [("target", "string"), ("take", "integer")]),
        Route(.skip, "POST", "/api/v1/episodes/{episode}/skip", .editor, "Leaves items out", body: targets),
        Route(.unskip, "POST", "/api/v1/episodes/{episode}/unskip", .editor, "Takes items in again", body: targets),
        Route(.pin, "POST", "/api/v1/episodes/{episode}/pin", .editor, "Keeps results whatever happens upstream", body: targets),
        Route(.unpin, "POST", "/api/v1/episodes/{episode}/unpin", .editor, "Takes that back", body: targets),
        Route(.accept, "POST", "/api/v1/episodes/{episode}/accept", .editor, "Has what is stale stand as it is", body: targets),
        Route(.unaccept, "POST", "/api/v1/episodes/{episode}/unaccept", .editor, "Takes that back", body: targets),
        Route(.extend, "POST", "/api/v1/episodes/{episode}/extend", .editor, "Gives running actions more time",
              body: [("target", "string"), ("seconds", "number")]),
        Route(.rollback, "POST", "/api/v1/episodes/{episode}/rollback", .editor, "Puts its files back as they were after an earlier build",
              body: [("build?", "integer"), ("show?", "boolean")]),
        Route(.revert, "POST", "/api/v1/episodes/{episode}/revert", .editor, "Gives up hand edits", body: targets),
    ]

    private static let order: [(name: String, type: String)] = [
        ("episodes?", "strings"), ("shows?", "strings"), ("targets?", "strings"), ("jobs?", "integer"), ("budgetUSD?", "number"),
        ("draft?", "boolean"),
        ("keepGoing?", "boolean"), ("retryFailed?", "boolean"), ("merge?", "boolean"), ("priority?", "integer"),
    ]

    private static let templates = [
        Route(.templates, "GET", "/api/v1/templates", .viewer, "Builds with names, to be asked for again"),
        Route(.schedules, "GET", "/api/v1/schedules", .viewer, "Those that are asked for at times of their own"),
        Route(.template, "GET", "/api/v1/templates/{template}", .viewer, "One of them"),
        Route(
            .putTemplate, "PUT", "/api/v1/templates/{template}", .editor, "Writes one; `every` is five fields as crontab has them, in UTC",
            body: order + [("every?", "string")]),
        Route(.removeTemplate, "DELETE", "/api/v1/templates/{template}", .editor, "Takes one away"),
        Route(.startTemplate, "POST", "/api/v1/templates/{template}/start", .editor, "Asks for its build now"),
    ]

    private static let builds = [
        Route(.builds, "GET", "/api/v1/builds", .viewer, "Builds that were asked for, newest first", query: ["limit", "state"]),
        Route(.startBuild, "POST", "/api/v1/builds", .editor, "Asks for a build; it is on disk before the answer", body: order),
        Route(.build, "GET", "/api/v1/builds/{build}", .viewer, "One of them, with its reports"),
        Route(
            .buildOutputs, "GET", "/api/v1/builds/{build}/outputs", .viewer,
            "What it has made of a target; answered as soon as that is there, or after two seconds", query: ["target"]),
        Route(.cancelBuild, "POST", "/api/v1/builds/{build}/cancel", .editor, "Ends what runs of it"),
        Route(.pauseBuild, "POST", "/api/v1/builds/{build}/pause", .editor, "Finishes what runs, and starts nothing more"),
        Route(.resumeBuild, "POST", "/api/v1/builds/{build}/resume", .editor, "Goes on with it"),
        Route(
            .resetProvider, "POST", "/api/v1/workspaces/{workspace}/providers/{provider}/reset", .editor,
            "Has a provider be asked again at once"),
        Route(.pauseWorkspace, "POST", "/api/v1/workspaces/{workspace}/pause", .admin, "Has all builds of a workspace start nothing"),
        Route(.resumeWorkspace, "POST", "/api/v1/workspaces/{workspace}/resume", .admin, "Takes that back"),
    ]

    private static let pages = [
        Route(.inboxPage, "GET", "/", .viewer, "What waits for you"),
        Route(.episodesPage, "GET", "/episodes", .viewer, "All episodes"),
        Route(.episodePage, "GET", "/episodes/{episode}", .viewer, "One episode"),
        Route(.scriptPage, "GET", "/episodes/{episode}/script", .viewer, "Its lines"),
        Route(.artifactPage, "GET", "/episodes/{episode}/artifact", .viewer, "What a target has made", query: ["target"]),
        Route(.buildsPage, "GET", "/builds", .viewer, "Builds that were asked for"),
        Route(.moneyPage, "GET", "/money", .viewer, "What was spent and saved"),
        Route(.healthPage, "GET", "/health", .viewer, "This machine, and who serves it"),
        Route(.asset, "GET", "/assets/{asset}", .viewer, "Style and script of the pages"),
        Route(.decideForm, "POST", "/episodes/{episode}/decide", .approver, "Decides at a gate"),
        Route(.buildForm, "POST", "/episodes/{episode}/build", .editor, "Asks for a build"),
        Route(.showForm, "POST", "/shows/{show}/build", .editor, "Asks for a build of a show's episodes"),
        Route(.sayForm, "POST", "/episodes/{episode}/say", .editor, "Changes a line"),
        Route(.takeForm, "POST", "/episodes/{episode}/take", .editor, "Asks for another take, or chooses one"),
        Route(.itemsForm, "POST", "/episodes/{episode}/items", .editor, "Makes items anew: one, those that are due, or all"),
        Route(.templateForm, "POST", "/templates/{template}", .editor, "Asks for a template's build, or takes it away"),
        Route(.providerForm, "POST", "/workspaces/{workspace}/providers/{provider}", .editor, "Has a provider be asked again at once"),
        Route(.stopForm, "POST", "/builds/{build}/stop", .editor, "Cancels, pauses or resumes a build"),
    ]
}
