import EpCore
import EpHTTP
import EpRemote
import EpTesting
import Synchronization
import Testing

/// What every place that the public reads from does alike.
struct PublicPlaceTests {
    private let directory = TemporaryDirectory()

    @Test func aDirectoryConforms() async throws {
        try await check(DirectoryPlace(path: directory.make("place")))
        #expect(directory.files(below: "place") == ["kept.txt"], "nothing is left behind")
    }

    @Test func aBucketConforms() async throws {
        guard let bucket = await Bucket.open() else { return }
        defer { bucket.peer.stop() }
        let place = try bucket.place("some/prefix/site")
        try await check(place)
        // Greater than a part.
        var random = SeededBytes()
        let bytes = random.bytes((64 << 20) + 7)
        try await place.put(Digest(of: bytes), from: directory.write(bytes, to: "film"), at: "one/out/film.mp4")
        #expect(try await place.digest(at: "one/out/film.mp4") == Digest(of: bytes))
    }

    /// A browser and a podcast app are told what a file is. The store of these tests forgets it, so what it is told is looked at.
    @Test func aBucketIsToldMediaTypes() async throws {
        let client = ListeningClient()
        let place = try S3Place(
            RemoteAddress("s3://bucket/site", relativeTo: "/"), credentials: S3Credentials(accessKey: "a", secretKey: "b"), client: client)
        for (path, type) in [
            "feed.xml": "application/rss+xml", "a/b.mp3": "audio/mpeg", "a.html": "text/html; charset=utf-8",
            "noise": "application/octet-stream",
        ] {
            try await place.put([1], at: path)
            let told = try #require(client.last)
            #expect(told.url.hasSuffix("/site/\(path)") && told.headers["Content-Type"] == type)
            #expect(told.headers["x-amz-meta-sha256"] == Digest(of: [1]).hex)
            #expect(told.headers["Authorization"]?.contains("content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-sha256") == true)
        }
    }

    private func check(_ place: any PublicPlace) async throws {
        let names = ["feed.xml", "one/out/a.mp3", "season 2/über/out/ü & +%41.mp3"]
        for name in names {
            #expect(try await place.digest(at: name) == nil)
            #expect(try await place.read(name) == nil)
            let bytes = Array("bytes of \(name)".utf8)
            try await place.put(Digest(of: bytes), from: directory.write(bytes, to: "source"), at: name)
            #expect(try await place.digest(at: name) == Digest(of: bytes))
            #expect(try await place.read(name) == bytes)
            try await place.put(Array("others".utf8), at: name)
            #expect(try await place.digest(at: name) == Digest(of: Array("others".utf8)))
        }
        let source = try directory.write([1, 2, 3], to: "source")
        await #expect(throws: Diagnostic.self) { try await place.put(Digest(of: [1, 2, 4]), from: source, at: "feed.xml") }
        #expect(try await place.read("feed.xml") == Array("others".utf8), "what is not what it should be replaces nothing")
        for name in names {
            try await place.remove(name)
            #expect(try await place.read(name) == nil)
            try await place.remove(name)
        }
        try await place.put([], at: "kept.txt")
        #expect(try await place.digest(at: "kept.txt") == .empty)
    }

    /// Nothing is written below an empty mount point.
    @Test func aDirectoryThatIsNotThereIsTold() async throws {
        let place = DirectoryPlace(path: directory("away"))
        await #expect { try await place.put([1], at: "feed.xml") } throws: { ($0 as? Diagnostic)?.remedy?.contains("mkdir -p") == true }
        await #expect(throws: Diagnostic.self) { try await place.read("feed.xml") }
        #expect(!exists(directory("away")))
    }

    @Test func aWrongSecretIsTold() async throws {
        guard let bucket = await Bucket.open() else { return }
        defer { bucket.peer.stop() }
        let credentials = S3Credentials(accessKey: bucket.credentials.accessKey, secretKey: "wrong")
        let place = try S3Place(
            RemoteAddress("s3://\(Bucket.name)", relativeTo: "/"), endpoint: bucket.peer.url, credentials: credentials, client: CurlClient()
        )
        await #expect { try await place.put([1], at: "feed.xml") } throws: { error in
            (error as? Diagnostic).map { $0.code == .unavailable && $0.message.contains("SignatureDoesNotMatch") } == true
        }
    }
}

/// Says yes to everything, and remembers what it was asked.
private final class ListeningClient: HTTPClient {
    private let asked = Mutex<HTTPRequest?>(nil)
    var last: HTTPRequest? { asked.withLock(\.self) }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        asked.withLock { $0 = request }
        return HTTPResponse(HTTPHead(status: 200))
    }
}
