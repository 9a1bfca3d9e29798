public import EpCore
import EpPlan

/// What somebody may do; each may do what those before it may.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// Reads and listens.
    case viewer
    /// Changes texts, asks for takes and builds.
    case editor
    /// Decides at gates.
    case approver
    /// Pauses whole workspaces.
    case admin

    public static func < (left: Role, right: Role) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// Somebody who may use the server.
public struct User: Sendable, Hashable {
    public let name: String
    public let role: Role

    public init(name: String, role: Role) { (self.name, self.role) = (name, role) }
}

/// Who may use the server, each by the SHA-256 of a token: a token itself is kept nowhere.
public struct Users: Sendable {
    private let entries: [(digest: Digest, user: User)]

    /// One person, with a token of at least 16 characters.
    /// - Throws: `Diagnostic` (usage) if it is shorter.
    public init(token: String, user: User) throws(Diagnostic) {
        guard token.utf8.count >= Self.fewest else {
            throw Diagnostic(
                .usage, "EPBUILD_SERVER_TOKEN has \(token.utf8.count) characters", remedy: "take at least \(Self.fewest), or leave it out")
        }
        entries = [(Digest(of: Array(token.utf8)), user)]
    }

    private static let fewest = 16

    /// Of a file: `users: [{ name: Ana, role: approver, token_sha256: … }]`.
    /// - Throws: `Diagnostic` (bad input) with the place of what is wrong.
    public init(parsing bytes: [UInt8], file: String) throws(Diagnostic) {
        let root = try Node(parsing: bytes, file: file)
        guard let list = root["users"]?.list, !list.isEmpty else {
            throw Diagnostic(
                .badInput, "there is no list `users`", at: root.location,
                remedy: "write: users: [{ name: Ana, role: approver, token_sha256: … }]")
        }
        var found: [(Digest, User)] = []
        for entry in list {
            for member in entry.value.members ?? [] where !["name", "role", "token_sha256"].contains(member.key) {
                throw Diagnostic(
                    .badInput, "unknown key \"\(member.key)\"", at: entry.location, remedy: "a user has name, role and token_sha256")
            }
            guard let name = entry["name"]?.value.string, !name.isEmpty else {
                throw Diagnostic(.badInput, "this user has no name", at: entry.location, remedy: "write `name:`")
            }
            guard let role = entry["role"]?.value.string.flatMap(Role.init) else {
                throw Diagnostic(
                    .badInput, "\(name) has no role", at: entry["role"]?.location ?? entry.location,
                    remedy: "write `role:` and one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            guard let digest = entry["token_sha256"]?.value.letters.flatMap({ Digest(hex: $0, size: 0) }) else {
                throw Diagnostic(
                    .badInput, "\(name) has no token_sha256", at: entry["token_sha256"]?.location ?? entry.location,
                    remedy: "printf %s TOKEN | sha256sum")
            }
            guard !found.contains(where: { $0.0.hex == digest.hex || $0.1.name == name }) else {
                throw Diagnostic(
                    .badInput, "\(name) or that token is there twice", at: entry.location,
                    remedy: "give each user a name and a token of their own")
            }
            found.append((digest, User(name: name, role: role)))
        }
        entries = found
    }

    /// Whose token it is. Takes as long whatever the token is: digests are compared, all of each, with every one.
    public func user(ofToken token: String) -> User? {
        let asked = Array(Digest(of: Array(token.utf8)).hex.utf8)
        var found: User?
        for (digest, user) in entries {
            let difference = zip(asked, digest.hex.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if difference == 0 { found = user }
        }
        return found
    }
}

extension Node {
    fileprivate var list: [Node]? { if case .list(let nodes) = content { nodes } else { nil } }
}
