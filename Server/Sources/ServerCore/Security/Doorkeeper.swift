import EpCore
import Synchronization

/// Decides who is let in with a request, before anybody looks at what it wants. Knows no episodes.
public final class Doorkeeper: Sendable {
    /// Where the server can be reached.
    public struct Address: Sendable {
        /// What `Host` may say, in lower case: `127.0.0.1:8080`.
        public let authorities: Set<String>
        /// Part of the cookie's name: cookies ignore ports.
        public let port: Int
        /// True if people reach it by TLS, through a proxy.
        public let isSecure: Bool

        /// On this machine.
        public init(loopback port: Int) {
            self.init(["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"], port: port, isSecure: false)
        }

        /// - Parameter names: as browsers send them in `Host`.
        public init(_ names: [String], port: Int, isSecure: Bool) {
            (authorities, self.port, self.isSecure) = (Set(names.map { $0.lowercased() }), port, isSecure)
        }

        public var cookieName: String { "epbuild-\(port)" }
    }

    /// Somebody who was let in.
    public struct Visitor: Sendable {
        public let user: User
        /// What a form of this visitor must hold; nil for one who comes without a browser.
        public let formKey: String?
    }

    public let address: Address
    private let users: Users
    public let sessions: Sessions
    private let now: @Sendable () -> Double
    /// When wrong tokens came.
    private let failures = Mutex<[Double]>([])
    private let changes = Mutex(WriteRate())
    private static let mostFailures = 10
    private static let failureSeconds = 60.0

    /// - Parameter now: seconds since some moment.
    public init(_ address: Address, _ users: Users, now: @escaping @Sendable () -> Double) {
        (self.address, self.users, self.now) = (address, users, now)
        sessions = Sessions(now: now)
    }

    // MARK: the order of the checks

    /// - Throws: `Problem` 421 for another host, 404 and 405 for what is nowhere, 401 for nobody, 403 for what came from elsewhere, 415 for
    ///   a body of another kind.
    /// - Returns: the route, its parameters, and who asks; nil for what anybody may ask.
    public func admit(_ request: WebRequest) throws(Problem) -> (route: Route, parameters: [String: String], visitor: Visitor?) {
        try checkHost(request)
        guard let path = request.path else { throw Problem(400, "the path is none") }
        let match = Route.find(request.method, path)
        if case .route(let route, let parameters) = match, route.role == nil { return (route, parameters, nil) }
        let visitor = try visitor(request)
        try checkSite(request, visitor)
        switch match {
        case .nothing: throw Problem(404, "there is nothing of that name")
        case .otherMethod(let methods):
            throw Problem(405, "that is not asked for by \(request.method)", headers: [("allow", methods.joined(separator: ", "))])
        case .route(let route, let parameters):
            try checkBody(request, route, visitor)
            try checkRate(request, visitor)
            guard visitor.user.role >= route.role ?? .viewer else {
                throw Problem(
                    403, "\(visitor.user.name) is \(visitor.user.role.rawValue), and that is for \((route.role ?? .admin).rawValue)s")
            }
            return (route, parameters, visitor)
        }
    }

    /// Begins a session for whoever shows a token.
    /// - Returns: the cookie.
    /// - Throws: `Problem` 401 or 429.
    public func open(token: String) throws(Problem) -> String {
        let id = sessions.begin(try user(token))
        return "\(address.cookieName)=\(id); Path=/; HttpOnly; SameSite=Strict\(address.isSecure ? "; Secure" : "")"
    }

    /// Ends the session of a request.
    public func close(_ request: WebRequest) {
        if let id = request.cookie(address.cookieName) { sessions.end(id) }
    }

    // MARK: each check

    private func checkHost(_ request: WebRequest) throws(Problem) {
        guard let host = request.header("host"), address.authorities.contains(host.lowercased()) else {
            throw Problem(421, "this server has another name")
        }
    }

    private func visitor(_ request: WebRequest) throws(Problem) -> Visitor {
        if let header = request.header("authorization") {
            let words = header.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].lowercased() == "bearer" else { throw Self.nobody }
            return Visitor(user: try user(String(words[1])), formKey: nil)
        }
        guard let session = request.cookie(address.cookieName).flatMap(sessions.session) else { throw Self.nobody }
        return Visitor(user: session.user, formKey: session.formKey)
    }

    private func user(_ token: String) throws(Problem) -> User {
        let time = now()
        let isLocked = failures.withLock { failures in
            failures.removeAll { time - $0 >= Self.failureSeconds }
            return failures.count >= Self.mostFailures
        }
        if isLocked { throw Problem(429, "too many wrong tokens", headers: [("retry-after", "60")]) }
        if let user = users.user(ofToken: token) { return user }
        failures.withLock { $0.append(time) }
        throw token.isEmpty ? Self.nobody : Self.stranger
    }

    private static let nobody = Problem(
        401, "a token is needed: open the link that the server has printed", headers: [("www-authenticate", "Bearer")])

    private static let stranger = Problem(
        401, "nobody here has this token: each start of the server prints a new link, unless it was given a token",
        headers: [("www-authenticate", "Bearer")])

    /// A page of another site may send what it likes with our cookie, and is known by these headers.
    private func checkSite(_ request: WebRequest, _ visitor: Visitor) throws(Problem) {
        let site = request.header("sec-fetch-site")
        let isNavigation = request.isRead && request.header("sec-fetch-mode") == "navigate"
        guard site == nil || site == "same-origin" || site == "none" || isNavigation else { throw Self.foreign }
        let origin = request.header("origin")
        if request.isRead { return }
        if let origin {
            // A form of a page without a referrer says "null"; the browser vouches for it, and so does the form's key.
            guard isOwn(origin) || (origin == "null" && site == "same-origin" && visitor.formKey != nil) else { throw Self.foreign }
        } else if visitor.formKey != nil {
            throw Self.foreign
        }
    }

    private func isOwn(_ origin: String) -> Bool {
        let scheme = address.isSecure ? "https://" : "http://"
        return origin.hasPrefix(scheme) && address.authorities.contains(origin.dropFirst(scheme.count).lowercased())
    }

    private static let foreign = Problem(403, "that came from another site")

    private func checkBody(_ request: WebRequest, _ route: Route, _ visitor: Visitor) throws(Problem) {
        guard !request.isRead else { return }
        if route.isForm {
            guard request.contentType == "application/x-www-form-urlencoded" else { throw Problem(415, "a form is expected") }
            guard let key = visitor.formKey, request.form["key"] == key else { throw Problem(403, "this page is too old: load it again") }
        } else if request.method != "DELETE" || request.header("content-type") != nil || !request.body.isEmpty {
            // A DELETE without a body is no request that a form can send.
            guard request.contentType == "application/json" else { throw Problem(415, "application/json is expected") }
        }
    }
}

extension Doorkeeper {
    /// A script that has gone wild fills neither the queue of builds nor the disk.
    private func checkRate(_ request: WebRequest, _ visitor: Visitor) throws(Problem) {
        guard !request.isRead else { return }
        let time = now()
        guard changes.withLock({ $0.take(visitor.user.name, now: time) }) else {
            throw Problem(429, "\(visitor.user.name) changes too much at once", headers: [("retry-after", "1")])
        }
    }
}

/// Headers that every answer has, whatever it is.
public enum ProtectiveHeaders {
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

    public static func add(to answer: inout Answer) {
        let own = answer.header("content-security-policy") == nil ? [("content-security-policy", policy)] : []
        answer.headers += own + [
            ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"), ("cache-control", "no-store"), ("x-frame-options", "DENY"),
        ] as [(name: String, value: String)]
    }
}
