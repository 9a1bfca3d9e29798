public import EpCore
public import EpHTTP
@testable public import EpRemote
import Testing

/// A bucket of a store of its own, and a key for it.
public struct Bucket {
    public static let name = "epbuild-tests"
    public let peer: Peer
    public let credentials: S3Credentials

    /// The variables that AWS's own tools read.
    public var environment: [String: String] {
        ["AWS_ACCESS_KEY_ID": credentials.accessKey, "AWS_SECRET_ACCESS_KEY": credentials.secretKey]
    }

    public static func open() async -> Bucket? {
        guard let peer = await Peer.start(Peer.moto) else { return nil }
        let client = CurlClient(connections: 1)
        func ask(_ query: String) async -> String? {
            let request = HTTPRequest(
                .post, peer.url,
                headers: [
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request",
                ],
                body: .bytes(Array("\(query)&Version=2010-05-08".utf8)), sink: .memory(limit: 1 << 20))
            return (try? await client.send(request)).map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        let policy =
            "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"
        _ = await ask("Action=CreateUser&UserName=tests")
        guard let answer = await ask("Action=CreateAccessKey&UserName=tests"),
            let access = XMLText.first("AccessKeyId", in: answer), let secret = XMLText.first("SecretAccessKey", in: answer)
        else {
            Issue.record("the store runs, and makes no key")
            return nil
        }
        _ = await ask("Action=PutUserPolicy&UserName=tests&PolicyName=all&PolicyDocument=\(policy)")
        let bucket = Bucket(peer: peer, credentials: S3Credentials(accessKey: access, secretKey: secret))
        let made = try? await bucket.store().client.send(.init(method: .put))
        guard made?.status == 200 else {
            Issue.record("the store runs, and makes no bucket: \(String(describing: made))")
            return nil
        }
        return bucket
    }

    public func store(_ other: S3Credentials? = nil, client: any HTTPClient = CurlClient()) throws -> S3Store {
        try S3Store(
            RemoteAddress("s3://epbuild-tests/some/prefix/", relativeTo: "/"), endpoint: peer.url, credentials: other ?? credentials,
            client: client)
    }

    /// The bucket as a place that the public reads from.
    public func place(_ prefix: String) throws -> any PublicPlace {
        try S3Place(
            RemoteAddress("s3://\(Self.name)/\(prefix)", relativeTo: "/"), endpoint: peer.url, credentials: credentials,
            client: CurlClient())
    }
}
