import EpFiles
import EpHTTP
@testable import EpRemote
import Testing

/// Against the examples of AWS's manual for S3, whose key, moment and bucket they share.
struct S3SignerTests {
    private let signer = S3Signer(
        credentials: S3Credentials(accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1")
    private let host = HTTPHeaders.Field("Host", "examplebucket.s3.amazonaws.com")
    private let time = HTTPHeaders.Field("x-amz-date", "20130524T000000Z")
    private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func signature(_ request: S3Signer.Request) throws -> String {
        let moment = try #require(Moment(iso8601: "2013-05-24T00:00:00Z"))
        return try #require(signer.authorization(of: request, at: moment).split(separator: "Signature=").last.map(String.init))
    }

    @Test func signsAnObjectsPart() throws {
        let signature = try signature(
            .init(
                method: "GET", path: "/test.txt", headers: [host, time, .init("Range", "bytes=0-9"), .init("x-amz-content-sha256", empty)],
                payload: empty))
        #expect(signature == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func signsAnUpload() throws {
        let payload = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
        let signature = try signature(
            .init(
                method: "PUT", path: "/\(S3Signer.encoded("test$file.text", keeping: "/"))",
                headers: [
                    .init("Date", "Fri, 24 May 2013 00:00:00 GMT"), host, time, .init("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                    .init("x-amz-content-sha256", payload),
                ], payload: payload))
        #expect(signature == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test func signsAQuestionToABucket() throws {
        let headers = [host, time, HTTPHeaders.Field("x-amz-content-sha256", empty)]
        let lifecycle = try signature(.init(method: "GET", path: "/", query: [("lifecycle", "")], headers: headers, payload: empty))
        #expect(lifecycle == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        let list = try signature(
            .init(method: "GET", path: "/", query: [("prefix", "J"), ("max-keys", "2")], headers: headers, payload: empty))
        #expect(list == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test(arguments: [("a b/c", "/", "a%20b/c"), ("a+b=c&d", "", "a%2Bb%3Dc%26d"), ("ä~_-.", "", "%C3%A4~_-."), ("/", "", "%2F")])
    func encodesOnce(_ text: String, _ kept: String, _ encoded: String) {
        #expect(S3Signer.encoded(text, keeping: kept) == encoded)
    }

    @Test func readsWhatStandsBetweenTags() {
        let text = "<L><Key>a&amp;b</Key><Key>c</Key><Other/><Key>unfinished"
        #expect(XMLText.all("Key", in: text) == ["a&b", "c"])
        #expect(XMLText.first("Nothing", in: text) == nil)
    }
}
