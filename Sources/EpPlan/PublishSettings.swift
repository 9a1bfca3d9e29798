public import EpCore

/// Where a show is published: `publish: s3://bucket/show` in `show.yaml`, or with more keys `publish: { to: …, endpoint: … }`. Credentials
/// are names
/// of environment variables.
public struct PublishSettings: Sendable, Hashable {
    public let to: String
    public var userVariable: String?
    public var passwordVariable: String?
    /// Of an object store that is not AWS's.
    public var endpoint: String?
    /// Of an object store.
    public var region: String?
    public let location: SourceLocation?

    /// A place that the command line names.
    public init(to: String) {
        self.to = to
        location = nil
    }

    /// - Throws: `DiagnosticList`, with all mistakes.
    public init(_ node: Node) throws {
        location = node["to"]?.location ?? node.location
        if let text = node.value.string {
            to = text
            return
        }
        var fields = try Fields(node, subject: "`publish`")
        to = fields.required("to", fields.string("to")) ?? ""
        userVariable = fields.string("user_env")
        passwordVariable = fields.string("password_env")
        endpoint = fields.string("endpoint")
        region = fields.string("region")
        if (userVariable == nil) != (passwordVariable == nil) {
            fields.report(
                Diagnostic(.badInput, "`user_env` and `password_env` belong together", at: node.location, remedy: "write both, or neither"))
        }
        if let endpoint, endpoint.wholeMatch(of: /https?:\/\/[^\/?#@\s]+/) == nil {
            fields.report(
                Diagnostic(
                    .badInput, "an endpoint is `https://host` or `https://host:port`", at: node["endpoint"]?.location,
                    remedy: "the bucket and the prefix stand in `to`"))
        }
        try fields.finish()
    }
}
