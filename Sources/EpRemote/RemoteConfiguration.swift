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
    /// Further headers, by their names: the variables that hold their values.
    public var headerVariables: [String: String] = [:]
    /// `https://host[:port]` of an object store that is not AWS's.
    public var endpoint: String?
    /// Of an object store.
    public var region: String?
    /// The variable that holds the key with which uploads are signed.
    public var signVariable: String?
    /// Only what one of them has signed is taken; empty: whatever is there.
    public var trust: [TrustedKey] = []
    /// What is told of in messages, before its address.
    public var subject = "the shared cache"
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
        let trust = ResultTrust(signer: push ? try signer(environment) : nil, keys: trust)
        switch address {
        case .directory(let path): return DirectoryStore(path: path, trust: trust)
        case .http(let url): return try HTTPStore(url: url, client: client, headers: try headers(environment), trust: trust)
        case .grpc: return try GRPCStore(address, client: client, headers: try headers(environment), trust: trust)
        case .s3:
            return try S3Store(
                address, endpoint: endpoint, region: region(environment),
                credentials: try objectStoreCredentials(environment), client: client, trust: trust)
        }
    }

    /// The cluster that is there. Nothing is opened or asked yet.
    /// - Throws: a warning of code `remote` if credentials are not set, as ``store(client:environment:)``.
    public func executionService(client: any HTTPClient, environment: (String) -> String?) throws(Diagnostic) -> ExecutionService {
        try ExecutionService(address, client: client, headers: try headers(environment))
    }

    /// The place that the public reads from: a directory or an object store.
    /// - Throws: a `Diagnostic` if it can be neither, or credentials are not set.
    public func place(client: any HTTPClient, environment: (String) -> String?) throws(Diagnostic) -> any PublicPlace {
        switch address {
        case .directory(let path): return DirectoryPlace(path: path)
        case .s3:
            do throws(Diagnostic) {
                return try S3Place(
                    address, endpoint: endpoint, region: region(environment), credentials: try objectStoreCredentials(environment),
                    client: client)
            } catch {
                throw Diagnostic(
                    .unavailable, error.message.replacing("\(subject) \(address) is not used", with: "\(address) cannot be used"),
                    at: location, remedy: error.remedy)
            }
        default:
            throw Diagnostic(
                .badInput, "nothing can be published at \(address)", at: location,
                remedy: "accepted are the path of a directory, file:///path and s3://bucket/prefix")
        }
    }

    private func region(_ environment: (String) -> String?) -> String {
        region ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION") ?? "us-east-1"
    }

    /// The store for a build: what goes wrong there is a warning, for whom `telling` names; if it is strict, then an error as well.
    public func resilientStore(
        client: any HTTPClient, environment: (String) -> String?, isStrict: Bool = false,
        handler: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) throws(Diagnostic) -> ResilientStore {
        ResilientStore(try store(client: client, environment: environment), uploads: push, isStrict: isStrict, handler: handler)
    }

    private func headers(_ environment: (String) -> String?) throws(Diagnostic) -> HTTPHeaders {
        var headers = HTTPHeaders()
        switch credentials {
        case .none: break
        case .token(let variable): headers.append(Authorization.bearer(token: try secret(variable, environment)).header)
        case .password(let user, let password):
            headers.append(Authorization.basic(user: try secret(user, environment), password: try secret(password, environment)).header)
        }
        for (name, variable) in headerVariables.sorted(by: { $0.key < $1.key }) {
            headers.append(.init(name, try secret(variable, environment)))
        }
        return headers
    }

    /// `user_env` and `password_env` name the two keys, or the variables of AWS hold them.
    private func objectStoreCredentials(_ environment: (String) -> String?) throws(Diagnostic) -> S3Credentials {
        if case .password(let access, let secret) = credentials {
            return S3Credentials(accessKey: try self.secret(access, environment), secretKey: try self.secret(secret, environment))
        }
        return S3Credentials(
            accessKey: try secret("AWS_ACCESS_KEY_ID", environment), secretKey: try secret("AWS_SECRET_ACCESS_KEY", environment),
            sessionToken: environment("AWS_SESSION_TOKEN"))
    }

    private func signer(_ environment: (String) -> String?) throws(Diagnostic) -> SigningKey? {
        guard let signVariable else { return nil }
        let text = try secret(signVariable, environment)
        do throws(Diagnostic) {
            return try SigningKey(parsing: text)
        } catch {
            throw Diagnostic(
                .remote, "\(subject) \(address) is not used: \(signVariable) holds no signing key", at: location, remedy: error.remedy,
                severity: .warning)
        }
    }

    /// A header must not be broken by what a variable holds; the message shows the name alone.
    private func secret(_ variable: String, _ environment: (String) -> String?) throws(Diagnostic) -> String {
        guard let value = environment(variable), !value.isEmpty else {
            throw Diagnostic(
                .remote, "\(subject) \(address) is not used: \(variable) is not set", at: location,
                remedy: "set \(variable) in the environment", severity: .warning)
        }
        guard !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw Diagnostic(
                .remote, "\(subject) \(address) is not used: \(variable) holds a control character or a line end",
                at: location, remedy: "set \(variable) to the credential alone", severity: .warning)
        }
        return value
    }
}
