public import EpCore
import EpFiles
public import EpPlan

/// What was decided about one artifact at a gate, as the lock keeps it under the artifact's digest.
public struct GateRecord: Equatable, Sendable {
    public enum Decision: String, Sendable {
        case approved, rejected
        /// Nobody has decided: the gate was first reached at `at`.
        case waiting
    }

    /// Who decides where nobody has: the gate itself.
    static let itself = "epbuild"

    public var decision: Decision
    /// A person's name; "epbuild" where the gate approved itself.
    public var by: String
    /// Time in UTC (ISO 8601).
    public var at: String
    public var note: String
    /// Of a rejection: which one it is in this lock, from 1, as times tell seconds alone; 0 if an older epbuild has recorded it.
    public var order: Int64 = 0
    /// SHA-256 of the question that was answered: the next answer is told of the rejection.
    public var question: String?
    /// Of a rejection: the takes that were in use, by the take-free action, so that it can be taken back.
    public var takes: [String: Take] = [:]
    /// `name:base64`, over `message`.
    public var signature: String?

    /// What is signed: the meaning, not the bytes of the lock.
    public static func message(
        _ decision: Decision, on artifact: String, of stage: StageName, by: String, at: String, note: String
    ) -> String {
        ["epbuild gate 1", stage.text, artifact, decision.rawValue, by, at, note].joined(separator: "\n")
    }
}

extension GateRecord {
    /// Nil for anything that is not wholly a record: no part of it is passed over.
    init?(_ value: Value) {
        guard let decision = value["decision"]?.string.flatMap(Decision.init), let by = value["by"]?.string, let at = value["at"]?.string,
            Moment(iso8601: at) != nil
        else { return nil }
        self.init(decision: decision, by: by, at: at, note: "")
        for member in value.members ?? [] where !read(member) { return nil }
    }

    private mutating func read(_ member: Value.Member) -> Bool {
        let text = member.value.string
        switch (member.key, text) {
        case ("decision", .some), ("by", .some), ("at", .some): break
        case ("note", .some(let text)): note = text
        case ("question", .some(let text)) where Digest(hex: text, size: 0) != nil: question = text
        case ("signature", .some(let text)) where text.contains(":"): signature = text
        case ("order", nil):
            guard case .int(let number) = member.value, number > 0 else { return false }
            order = number
        case ("takes", nil): return read(takes: member.value)
        default: return false
        }
        return true
    }

    private mutating func read(takes value: Value) -> Bool {
        guard let members = value.members else { return false }
        for member in members {
            guard Digest(hex: member.key, size: 0) != nil, case .int(let take) = member.value, (1...10_000).contains(take) else {
                return false
            }
            takes[member.key] = Take(Int(take))
        }
        return true
    }

    var value: Value {
        var members: [Value.Member] = [.init("decision", .string(decision.rawValue)), .init("by", .string(by)), .init("at", .string(at))]
        if order > 0 { members.append(.init("order", .int(order))) }
        if !note.isEmpty { members.append(.init("note", .string(note))) }
        if let question { members.append(.init("question", .string(question))) }
        if !takes.isEmpty {
            members.append(.init("takes", .object(takes.sorted { $0.key < $1.key }.map { .init($0.key, .int(Int64($0.value.number))) })))
        }
        if let signature { members.append(.init("signature", .string(signature))) }
        return .object(members)
    }
}

/// An artifact at a gate, in the lock.
public struct GateKey: Hashable, Sendable, Comparable {
    public let stage: StageName
    /// SHA-256 of the artifact, in hexadecimal digits.
    public let artifact: String

    public init(_ subject: GateSubject) {
        stage = subject.target.stage
        artifact = subject.digest.hex
    }

    init(stage: StageName, artifact: Digest) {
        self.stage = stage
        self.artifact = artifact.hex
    }

    /// `stage/hex`; nil for anything else.
    init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, Digest(hex: parts[1], size: 0) != nil else { return nil }
        stage = StageName(String(parts[0]))
        artifact = String(parts[1])
    }

    var text: String { "\(stage)/\(artifact)" }
    public static func < (left: GateKey, right: GateKey) -> Bool { left.text < right.text }
}
