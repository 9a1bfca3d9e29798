import EpCore
import EpHTTP
@testable import EpRemote
import EpTesting
import Testing

/// Against a real server that looks at signatures.
struct S3StoreTests {
    let directory = TemporaryDirectory()

    @Test func conforms() async throws {
        guard let shop = await Bucket.open() else { return }
        defer { shop.peer.stop() }
        let store = try shop.store()
        #expect(store.name == "s3://epbuild-tests/some/prefix")
        try await StoreConformance(store: store, directory: directory).check()
    }

    @Test func aGreatBlobGoesInParts() async throws {
        guard let shop = await Bucket.open() else { return }
        defer { shop.peer.stop() }
        let store = try shop.store()
        var random = SeededBytes()
        let bytes = random.bytes((64 << 20) + 12_345)
        let blob = Digest(of: bytes)
        try await store.store(blob, from: directory.write(bytes, to: "great"))
        #expect(try await shop.store().missing(of: [blob]).isEmpty)
        #expect(try await store.fetch(blob, to: directory("back")))
        #expect(try contents(directory("back")) == bytes)
        await #expect(throws: Diagnostic.self) { try await store.store(Digest(of: [1] + bytes), from: directory("great")) }
        #expect(try await store.missing(of: [Digest(of: [1] + bytes)]).count == 1)
    }

    @Test func aWrongSecretIsDenied() async throws {
        guard let shop = await Bucket.open() else { return }
        defer { shop.peer.stop() }
        let store = try shop.store(S3Credentials(accessKey: shop.credentials.accessKey, secretKey: "wrong"))
        await #expect { try await store.result(for: action("any")) } throws: { error in
            guard let error = error as? RemoteError else { return false }
            return error.kind == .denied && error.message.contains("SignatureDoesNotMatch")
        }
    }

    @Test func aBucketThatIsNotThereIsTold() async throws {
        guard let shop = await Bucket.open() else { return }
        defer { shop.peer.stop() }
        let store = try S3Store(
            RemoteAddress("s3://no-such-bucket", relativeTo: "/"), endpoint: shop.peer.url, credentials: shop.credentials,
            client: CurlClient())
        await #expect { try await store.store(result([]), for: action("any")) } throws: {
            ($0 as? RemoteError)?.message.contains("NoSuchBucket") == true
        }
    }

    /// Of many blobs a list is asked for, not each; what came after the list is there all the same for a result that names it.
    @Test func manyBlobsAreFoundByAList() async throws {
        guard let shop = await Bucket.open() else { return }
        defer { shop.peer.stop() }
        let store = try shop.store()
        var blobs: [Digest] = []
        for number in 0..<60 {
            let bytes = Array("blob \(number)".utf8)
            blobs.append(Digest(of: bytes))
            if number < 50 { try await store.store(blobs[number], from: directory.write(bytes, to: "source")) }
        }
        let counted = CountingClient()
        let other = try shop.store(client: counted)
        #expect(try await other.missing(of: blobs) == Array(blobs[50...]))
        #expect(counted.count <= S3Store.searchesBeforeListing + 28)
        let before = counted.count
        #expect(try await other.missing(of: blobs) == Array(blobs[50...]))
        #expect(counted.count == before)

        let late = Array("blob 55".utf8)
        try await store.store(Digest(of: late), from: directory.write(late, to: "late"))
        let first = result([Digest(of: late)], servedBy: "first")
        #expect(try await store.store(first, for: action("late")) == nil)
        #expect(try await other.store(result([blobs[0]], servedBy: "second"), for: action("late")) == first)
    }
}
