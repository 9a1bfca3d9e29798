import EpCore
public import EpHTTP
import EpPlan

/// A vendor that is asked over HTTP: where, with which key, and what its errors mean.
public protocol RemoteVendor: Vendor {
    /// Where it is; nil: `base_url` must say.
    var usualURL: String? { get }
    /// The variable that has the key for that place; nil: it wants none.
    var usualKeyVariable: String? { get }
    /// The header fields that show a key.
    func authorization(_ key: String) -> [HTTPHeaders.Field]
    /// Reads an answer that is an error.
    func failure(_ reply: Reply) -> ProviderFailure
}

extension RemoteVendor {
    public func authorization(_ key: String) -> [HTTPHeaders.Field] { [Authorization.bearer(token: key).header] }

    /// Reads the keys that every provider has that is asked over HTTP.
    func checkRemote(_ fields: inout Fields) {
        if let node = fields.node("base_url"), node.value != .null {
            do throws(Endpoint.Problem) { _ = try Endpoint(node.value.string ?? "") } catch {
                fields.report(Diagnostic(.badInput, "`base_url` of \(fields.subject) \(error.message)", at: node.location))
            }
        } else if usualURL == nil {
            fields.report(
                Diagnostic(.badInput, "\(fields.subject) has no `base_url`", at: fields.location, remedy: "add `base_url: https://…`"))
        }
        _ = fields.text("service")
        RemoteSetting.word("proxy", ["environment", "none"]).check(&fields)
        checkKey(&fields)
        _ = RetrySettings(&fields)
        _ = fields.int("requests_per_minute", in: 1...1_000_000)
        _ = fields.int("tokens_per_minute", in: 1...1_000_000_000)
    }

    /// Of one that has no model of its own.
    func expectModel(_ fields: inout Fields) {
        guard fields.node("model") == nil else { return }
        fields.report(Diagnostic(.badInput, "\(fields.subject) has no `model`", at: fields.location, remedy: "add `model: …`"))
    }

    /// What looks like a key is none of a variable's names, and must not stand in a file that is shared.
    private func checkKey(_ fields: inout Fields) {
        if let key = fields.node("api_key") {
            fields.report(
                Diagnostic(
                    .badInput, "a key stands here, for all to read", at: key.location,
                    remedy:
                        "put it into the environment or into a file `.env` beside epbuild.yaml, and write `api_key_env: NAME` here; and "
                            + "make another key, as this one has been read"
                ))
        }
        guard let node = fields.node("api_key_env"), node.value != .null else { return }
        guard let name = node.value.string, name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil, name.count < 64 else {
            fields.report(
                Diagnostic(
                    .badInput,
                    "`api_key_env` of \(fields.subject) must be the name of a variable, such as \(usualKeyVariable ?? "API_KEY")",
                    at: node.location,
                    remedy: "if it is a key, take it out and make another one, as this one has been read"))
            return
        }
    }
}
