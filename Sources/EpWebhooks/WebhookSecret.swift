import EpCore
import FoundationEssentials

/// The secret that a receiver shares with us: `whsec_` and 24 to 64 bytes in Base64 (Standard Webhooks). It never shows itself.
struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: [UInt8]

    /// Nil if the text is none.
    init?(_ text: String) {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix), let key = Data(base64Encoded: String(text.dropFirst(prefix.count))), (24...64).contains(key.count)
        else { return nil }
        self.key = [UInt8](key)
    }

    /// The header by which a receiver knows that a message is ours: over its name, when it was sent (seconds since 1970), and its bytes.
    func signature(of id: String, at seconds: Int64, _ body: [UInt8]) -> String {
        "v1,\(Data(HMAC.sha256(of: Array("\(id).\(seconds).".utf8) + body, key: key)).base64EncodedString())"
    }

    var description: String { "a secret" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
