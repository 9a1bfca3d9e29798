import EpCore
import Synchronization

/// Browsers that have shown a token. Kept in memory alone: a session ends with the server, and with it every cookie of yesterday.
public final class Sessions: Sendable {
    public struct Session: Sendable {
        public let user: User
        /// Stands in every form of a page, and in nothing that another site can read.
        public let formKey: String
        let begun: Double
    }

    private let known = Mutex<[Digest: Session]>([:])
    private let now: @Sendable () -> Double
    private static let most = 1000
    private static let longestSeconds = 7.0 * 86_400

    /// - Parameter now: seconds since some moment.
    public init(now: @escaping @Sendable () -> Double) { self.now = now }

    /// - Returns: what the cookie holds.
    public func begin(_ user: User) -> String {
        let id = SecretText.random()
        let session = Session(user: user, formKey: SecretText.random(), begun: now())
        known.withLock { known in
            if known.count >= Self.most, let oldest = known.min(by: { $0.value.begun < $1.value.begun }) { known[oldest.key] = nil }
            known[Self.key(id)] = session
        }
        return id
    }

    public func session(_ id: String) -> Session? {
        let time = now()
        return known.withLock { known in
            guard let session = known[Self.key(id)] else { return nil }
            if time - session.begun < Self.longestSeconds { return session }
            known[Self.key(id)] = nil
            return nil
        }
    }

    public func end(_ id: String) { known.withLock { $0[Self.key(id)] = nil } }

    /// By its digest, so that nothing is told by how long a look-up takes.
    private static func key(_ id: String) -> Digest { Digest(of: Array(id.utf8)) }
}

/// Text that nobody can guess.
public enum SecretText {
    /// 48 hexadecimal digits, of 24 bytes of the system's chance.
    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<24).map { _ in
            let hex = String(UInt8.random(in: 0...255, using: &generator), radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }
}
