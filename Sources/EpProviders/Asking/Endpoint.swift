import EpCore
import Synchronization

/// Where a provider is reached: `https://api.openai.com/v1`.
struct Endpoint: Hashable, Sendable {
    /// Without a slash at its end.
    let url: String
    /// Which service it is, for addresses: the host in lower case without its port; every loopback name is `local`.
    let service: String
    /// True if a key may go there: nobody else can read it on its way.
    let isPrivate: Bool

    /// The same without a version such as `/v1` at its end.
    var urlWithoutVersion: String { String(url.replacing(/\/v[0-9]+[a-z0-9]*$/, with: "")) }

    /// What is wrong with a URL.
    struct Problem: Error { let message: String }

    /// Those that were read before: each line of a long script asks for the same.
    private static let known = Mutex<[String: Endpoint]>([:])

    init(_ text: String) throws(Problem) {
        if let known = Self.known.withLock({ $0[text] }) {
            self = known
            return
        }
        try self.init(reading: text)
        let read = self
        Self.known.withLock { $0[text] = read }
    }

    private init(reading text: String) throws(Problem) {
        guard let parts = text.wholeMatch(of: /(?i)(https?):\/\/([^\/?#]*)(\/[^?#\s]*)?/) else {
            throw Problem(message: "must be a URL such as https://api.example.com/v1")
        }
        let authority = parts.output.2
        guard !authority.contains("@") else {
            throw Problem(message: "must not hold a name or a key: `api_key_env` names the variable that has it")
        }
        guard let host = authority.wholeMatch(of: /(\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]+)(:[0-9]{1,5})?/)?.output.1.lowercased() else {
            throw Problem(message: "must be a URL such as https://api.example.com/v1")
        }
        let isLoopback = Self.isLoopback(host)
        url = String(text.reversed().drop { $0 == "/" }.reversed())
        service = isLoopback ? "local" : host
        isPrivate = isLoopback || parts.output.1.lowercased() == "https"
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
    }

    static let local = "local"

    enum Place: Sendable {
        /// The vendor's own.
        case usual
        /// This machine.
        case local
        case elsewhere
    }
}
