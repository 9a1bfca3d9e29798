import EpCore
import EpHTTP
import EpRemote
import Testing

@Suite struct RemoteConfigurationTests {
    let place = SourceLocation(file: "epbuild.yaml", line: 4, column: 21)

    private func configuration(_ url: String, _ credentials: RemoteConfiguration.Credentials = .none) throws -> RemoteConfiguration {
        try RemoteConfiguration(url: url, relativeTo: "/srv/space", credentials: credentials, at: place)
    }

    private func store(_ configuration: RemoteConfiguration, _ environment: [String: String] = [:]) throws -> any CacheStore {
        try configuration.store(client: CurlClient()) { environment[$0] }
    }

    @Test(arguments: [
        ("/mnt/share", "/mnt/share"), ("../share", "/srv/space/../share"), ("file:///mnt/share/", "/mnt/share"),
        ("FILE:///mnt/our%20share", "/mnt/our share"), ("file://localhost/mnt", "/mnt"), ("a:b", "/srv/space/a:b"),
    ])
    func directories(_ url: String, _ path: String) throws {
        let store = try store(configuration(url))
        #expect(store is DirectoryStore)
        #expect(store.name == path)
    }

    @Test(arguments: [
        ("https://cache.example/epbuild/", "https://cache.example/epbuild"), ("HTTP://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080//", "http://[::1]:8080"),
    ])
    func servers(_ url: String, _ name: String) throws {
        let store = try store(configuration(url))
        #expect(store is HTTPStore)
        #expect(store.name == name)
    }

    @Test(arguments: [("grpc://host:1", "grpc://host:1"), ("GRPCS://host/a/b/", "grpcs://host/a/b")])
    func executionServers(_ url: String, _ name: String) throws {
        let store = try store(configuration(url))
        #expect(store is GRPCStore)
        #expect(store.name == name)
    }

    @Test func objectStores() throws {
        let remote = try configuration("s3://bucket//some/prefix/")
        let keys = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]
        #expect(try store(remote, keys).name == "s3://bucket/some/prefix")
        let error = #expect(throws: Diagnostic.self) { try store(remote, ["AWS_ACCESS_KEY_ID": "a"]) }
        #expect(error?.severity == .warning)
        #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY is not set") == true)
    }

    @Test(arguments: [
        "", "s3://", "s3://Bucket", "s3://b", "gs://bucket", "grpc://", "grpcs:///x", "file://host/path", "file:///%zz", "file:///%00",
        "https://", "https:///x",
        "https://host/?a=b", "https://host/#a", "https://host/a b", "https://host/\r\nX: y",
    ])
    func everythingElseIsRefused(_ url: String) throws {
        let error = #expect(throws: Diagnostic.self) { try configuration(url) }
        #expect(error?.code == .badInput)
        #expect(error?.location == place)
        #expect(error?.remedy?.contains("https://host/path") == true)
    }

    @Test func credentialsInTheURLAreRefusedAndNotShown() throws {
        let error = #expect(throws: Diagnostic.self) { try configuration("https://maria:s3cret@cache.example/") }
        #expect(error?.description.contains("s3cret") == false)
        #expect(error?.remedy?.contains("password_env") == true)
    }

    @Test func missingCredentialsAreAWarning() throws {
        let token = try configuration("https://cache.example", .token(variable: "CACHE_TOKEN"))
        let error = #expect(throws: Diagnostic.self) { try store(token) }
        #expect(error?.severity == .warning)
        #expect(error?.message == "the shared cache https://cache.example is not used: CACHE_TOKEN is not set")
        #expect(throws: Diagnostic.self) { try store(token, ["CACHE_TOKEN": ""]) }
        let broken = #expect(throws: Diagnostic.self) { try store(token, ["CACHE_TOKEN": "s3cret\nX-Header: 1"]) }
        #expect(broken?.description.contains("s3cret") == false)
        #expect(try store(token, ["CACHE_TOKEN": "s3cret"]).name == "https://cache.example")
    }

    @Test func credentialsDoNotPrint() {
        let basic = Authorization.basic(user: "maria", password: "s3cret")
        var dumped = ""
        dump(basic, to: &dumped)
        for text in ["\(basic)", String(reflecting: basic), dumped, "\(Authorization.bearer(token: "s3cret"))"] {
            #expect(!text.contains("s3cret"))
        }
    }
}
