public import EpCore
public import EpHTTP

/// One entry of `cache.remotes` in `epbuild.yaml`:
/// `{ url: https://cache.example/epbuild, push: true, token_env: CACHE_TOKEN }`.
public struct RemoteConfiguration: Sendable, Hashable {
    /// Names of environment variables; never the secrets themselves.
    public enum Credentials: Sendable, Hashable {
        case none
        /// `token_env`
        case token(variable: String)
        /// `user_env` and `password_env`
        case password(userVariable: String, passwordVariable: String)
    }

    public var address: RemoteAddress
    /// Whether results are uploaded; else they are only looked up.
    public var push: Bool
    public var credentials: Credentials
    /// Where it was written.
    public var location: SourceLocation?

    /// - Parameters:
    ///   - url: a URL or a path.
    ///   - directory: what a relative path is relative to: the workspace.
    public init(
        url: String, relativeTo directory: String, push: Bool = false, credentials: Credentials = .none,
        at location: SourceLocation? = nil
    ) throws(Diagnostic) {
        address = try RemoteAddress(url, relativeTo: directory, at: location)
        self.push = push
        self.credentials = credentials
        self.location = location
    }

    /// The store, as its errors come. Nothing is opened or asked yet.
    /// - Parameter environment: looks up a variable.
    /// - Throws: a warning of code `remote` if credentials are not set: the build can go on without this remote.
    public func store(client: any HTTPClient, environment: (String) -> String?) throws(Diagnostic) -> any CacheStore {
        switch address {
        case .directory(let path): DirectoryStore(path: path)
        case .http(let url):
            try HTTPStore(url: url, client: client, authorization: try authorization(environment))
        }
    }

    /// The store for a build: what goes wrong there is a warning, for whom `telling` names; if it is strict, then an error as well.
    public func resilientStore(
        client: any HTTPClient, environment: (String) -> String?, isStrict: Bool = false,
        handler: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) throws(Diagnostic) -> ResilientStore {
        ResilientStore(try store(client: client, environment: environment), uploads: push, isStrict: isStrict, handler: handler)
    }

    private func authorization(_ environment: (String) -> String?) throws(Diagnostic) -> Authorization? {
        switch credentials {
        case .none: nil
        case .token(let variable): .bearer(token: try secret(variable, environment))
        case .password(let user, let password):
            .basic(user: try secret(user, environment), password: try secret(password, environment))
        }
    }

    /// A header must not be broken by what a variable holds; the message shows the name alone.
    private func secret(_ variable: String, _ environment: (String) -> String?) throws(Diagnostic) -> String {
        guard let value = environment(variable), !value.isEmpty else {
            throw Diagnostic(
                .remote, "the shared cache \(address) is not used: \(variable) is not set", at: location,
                remedy: "set \(variable) in the environment", severity: .warning)
        }
        guard !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw Diagnostic(
                .remote, "the shared cache \(address) is not used: \(variable) holds a control character or a line end",
                at: location, remedy: "set \(variable) to the credential alone", severity: .warning)
        }
        return value
    }
}
