import EpCore

/// Who may use a served cache: whoever shows a token, with each request. Browsers have no business here, so there are no sessions.
public struct CacheDoor: Sendable {
    private let address: Doorkeeper.Address
    private let users: Users

    public init(_ address: Doorkeeper.Address, _ users: Users) { (self.address, self.users) = (address, users) }

    /// - Throws: `Problem` 421 for another host, 401 for nobody, 403 for whoever may less.
    func admit(_ request: WebRequest, as role: Role?) throws(Problem) -> User? {
        guard let host = request.header("host"), address.authorities.contains(host.lowercased()) else {
            throw Problem(421, "this server has another name")
        }
        guard let role else { return nil }
        guard let user = user(of: request) else {
            throw Problem(
                401, "a token is needed",
                headers: [("www-authenticate", "Bearer"), ("www-authenticate", "Basic realm=\"epbuild cache\", charset=\"UTF-8\"")])
        }
        guard user.role >= role else { throw Problem(403, "\(user.name) is \(user.role.rawValue), and that is for \(role.rawValue)s") }
        return user
    }

    /// By a bearer token, or a user's name with the token as a password.
    private func user(of request: WebRequest) -> User? {
        let words = (request.header("authorization") ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        switch words[0].lowercased() {
        case "bearer": return users.user(ofToken: String(words[1]))
        case "basic":
            guard let pair = Base64.decoded(words[1]), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let (name, token) = (String(decoding: pair[..<colon], as: UTF8.self), String(decoding: pair[(colon + 1)...], as: UTF8.self))
            return users.user(ofToken: token).flatMap { $0.name == name ? $0 : nil }
        default: return nil
        }
    }
}

/// Text of 64 letters for bytes (RFC 4648).
enum Base64 {
    /// Nil if it is none.
    static func decoded(_ text: Substring) -> [UInt8]? {
        var (bytes, bits, count) = ([UInt8](), UInt32(0), 0)
        for letter in text.utf8.prefix(while: { $0 != UInt8(ascii: "=") }) {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
