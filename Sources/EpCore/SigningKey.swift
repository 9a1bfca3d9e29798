import FoundationEssentials

/// A named Ed25519 key, written `name:base64`.
public struct SigningKey: Sendable {
    public let name: String
    private let bytes: [UInt8]

    /// - Throws: `Diagnostic` (usage) if it is not `name:` and 32 bytes in Base64.
    public init(parsing text: String) throws(Diagnostic) {
        guard let (name, bytes) = Self.parts(text), bytes.count == 32 else {
            throw Diagnostic(
                .usage, "that is no signing key", remedy: "a key is `name:` and 44 characters of Base64; `epbuild key NAME` makes one")
        }
        self.name = name
        self.bytes = bytes
    }

    public init(newNamed name: String) {
        self.name = name
        bytes = Ed25519.newPrivateKey()
    }

    /// The key itself: whoever has it can sign.
    public var privateText: String { "\(name):\(Data(bytes).base64EncodedString())" }
    /// What others check signatures with.
    public var publicText: String { "\(name):\(Data(Ed25519.publicKey(of: bytes) ?? []).base64EncodedString())" }

    /// The signature of a message, written `name:base64`.
    public func sign(_ message: String) -> String {
        "\(name):\(Data(Ed25519.signature(of: Array(message.utf8), by: bytes) ?? []).base64EncodedString())"
    }

    static func parts(_ text: String) -> (name: String, bytes: [UInt8])? {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let data = Data(base64Encoded: String(parts[1])) else { return nil }
        return (String(parts[0]), Array(data))
    }
}

/// A named key that signatures are checked with, written `name:base64`.
public struct TrustedKey: Sendable, Hashable {
    public let name: String
    private let bytes: [UInt8]

    /// Nil if it is not `name:` and 32 bytes in Base64.
    public init?(parsing text: String) {
        guard let (name, bytes) = SigningKey.parts(text), bytes.count == 32 else { return nil }
        self.name = name
        self.bytes = bytes
    }

    public var publicText: String { "\(name):\(Data(bytes).base64EncodedString())" }

    /// - Parameter signature: as `SigningKey.sign` gives it.
    public func isValid(_ signature: String, of message: String) -> Bool {
        guard let (name, signature) = SigningKey.parts(signature), name == self.name else { return false }
        return Ed25519.isValid(signature, of: Array(message.utf8), by: bytes)
    }
}
