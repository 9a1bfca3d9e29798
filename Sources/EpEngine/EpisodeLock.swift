public import EpCore
import EpPlan

/// `episode.lock`: what people decided about an episode, for every machine. Committed with the episode.
///
/// Takes stand under the action's take-free digest, so a take belongs to the content and not to a position.
public struct EpisodeLock: Equatable, Sendable {
    public struct TakeEntry: Equatable, Sendable {
        /// The take in use.
        public var take: Take
        /// The highest take that was ever asked for.
        public var latest: Take
        /// Which target it was when the take was asked for: for people, never read.
        public var note: String
    }

    /// SHA-256 of the take-free action, in hexadecimal digits → its takes.
    public var takes: [String: TakeEntry] = [:]
    /// Editable file → SHA-256 of it as epbuild wrote it. Two while it is being replaced: either is epbuild's.
    public var files: [String: [String]] = [:]

    static let fileName = "episode.lock"

    public init() {}

    public func take(of action: ActionDigest) -> Take {
        takes.isEmpty ? .first : takes[action.hex]?.take ?? .first
    }

    /// - Parameter file: how the file is shown in messages.
    public init(parsing bytes: [UInt8], file: String) throws {
        var fields = try Fields(Node(parsing: bytes, file: file), subject: "the lock")
        let version = fields.int("version", in: 1...1)
        _ = fields.required("version", version)
        for member in Self.members(fields.node("takes")) {
            guard let take = Self.takes(member.value) else {
                fields.report(Diagnostic(.badInput, "a take must be `[take in use, latest take, target]`", at: member.value.location, remedy: "remove the line: the first take is used again"))
                continue
            }
            takes[member.key] = take
        }
        for member in Self.members(fields.node("files")) {
            let digests = member.value.value.list?.compactMap(\.string) ?? [member.value.value.string].compactMap { $0 }
            files[member.key] = digests
        }
        try fields.finish()
    }

    /// The file's text: one entry a line, sorted, so that two machines' changes merge.
    public var text: String {
        var text = "# Written by epbuild; commit it with the episode.\nversion: 1\n"
        if !takes.isEmpty {
            text += "takes:\n"
            for (digest, entry) in takes.sorted(by: { $0.key < $1.key }) {
                text += "  \(digest): [\(entry.take), \(entry.latest), \(Value.string(entry.note).json())]\n"
            }
        }
        if !files.isEmpty {
            text += "files:\n"
            for (file, digests) in files.sorted(by: { $0.key < $1.key }) {
                text += "  \(Value.string(file).json()): [\(digests.joined(separator: ", "))]\n"
            }
        }
        return text
    }

    private static func members(_ node: Node?) -> [Node.Member] {
        if case .object(let members) = node?.content { members } else { [] }
    }

    private static func takes(_ node: Node) -> TakeEntry? {
        guard case .list(let parts) = node.content, parts.count >= 2,
            case .int(let take) = parts[0].value, case .int(let latest) = parts[1].value,
            (1...1_000_000).contains(take), (take...1_000_000).contains(latest)
        else { return nil }
        return TakeEntry(take: Take(Int(take)), latest: Take(Int(latest)), note: parts.count > 2 ? parts[2].value.string ?? "" : "")
    }
}
