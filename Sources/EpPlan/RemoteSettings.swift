public import EpCore

/// A shared cache, as the workspace names it. Credentials are names of environment variables.
public struct RemoteSettings: Sendable, Hashable {
    public let url: String
    public let push: Bool
    public let tokenVariable: String?
    public let userVariable: String?
    public let passwordVariable: String?
    /// Further headers, by their names.
    public let headerVariables: [String: String]
    /// Of an object store that is not AWS's.
    public let endpoint: String?
    /// Of an object store.
    public let region: String?
    /// Holds the key with which uploads are signed.
    public let signVariable: String?
    /// Only what one of them has signed is taken; empty: whatever is there.
    public let trust: [TrustedKey]
    public let location: SourceLocation

    init(_ node: Node) throws {
        var fields = try Fields(node, subject: "a remote cache")
        url = fields.required("url", fields.string("url")) ?? ""
        push = fields.bool("push") ?? false
        tokenVariable = fields.string("token_env")
        userVariable = fields.string("user_env")
        passwordVariable = fields.string("password_env")
        endpoint = fields.string("endpoint")
        region = fields.string("region")
        signVariable = fields.string("sign_env")
        trust = fields.publicKeys("trust")
        headerVariables = try fields.texts("headers_env")
        location = node["url"]?.location ?? node.location
        checkKeys(of: &fields, node)
        try fields.finish()
    }

    /// What is written down and would have no effect is an error: trust that nobody asks for is none.
    private func checkKeys(of fields: inout Fields, _ node: Node) {
        if !url.hasPrefix("s3://"), let key = ["endpoint", "region"].first(where: { node[$0] != nil }) {
            fields.report(
                Diagnostic(
                    .badInput, "`\(key)` is of no use here: it belongs to a cache in an object store", at: node[key]?.location,
                    remedy: "take it out, or write `url: s3://bucket/prefix`"))
        }
        if let endpoint, endpoint.wholeMatch(of: /https?:\/\/[^\/?#@\s]+/) == nil {
            fields.report(
                Diagnostic(
                    .badInput, "an endpoint is `https://host` or `https://host:port`", at: node["endpoint"]?.location,
                    remedy: "the bucket and the prefix stand in `url`"))
        }
        if signVariable != nil, !push {
            fields.report(
                Diagnostic(
                    .badInput, "`sign_env` is of no use here: only what is uploaded is signed", at: node["sign_env"]?.location,
                    remedy: "set `push: true`, or take it out"))
        }
        if (userVariable == nil) != (passwordVariable == nil) {
            let key = userVariable == nil ? "password_env" : "user_env"
            fields.report(
                Diagnostic(
                    .badInput, "`user_env` and `password_env` belong together", at: node[key]?.location, remedy: "write both, or neither"))
        }
    }
}

extension Fields {
    /// A list of public keys, as `epbuild key` prints them.
    mutating func publicKeys(_ key: String) -> [TrustedKey] {
        (located(key) ?? []).compactMap { text, location -> TrustedKey? in
            // The private line that `epbuild key` prints looks like a public one, but for its variable.
            if text.contains("EPBUILD_SIGNING_KEY") {
                report(Diagnostic(
                    .badInput, "a private key stands here, for all to read", at: location,
                    remedy: "remove it, make another with `epbuild key NAME`, and write its second line here"))
                return nil
            }
            let key = TrustedKey(parsing: text)
            if key == nil {
                report(
                    Diagnostic(
                        .badInput, "\"\(text)\" is no public key", at: location, remedy: "`epbuild key NAME` prints one: `NAME:` and Base64"
                    ))
            }
            return key
        }
    }
}
