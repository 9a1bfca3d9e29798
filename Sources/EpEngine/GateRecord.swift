public import EpCore
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
    /// SHA-256 of the question that was answered: the next answer is told of the rejection.
    public var question: String?
    /// Of a rejection: the takes that were in use, by the take-free action, so that it can be taken back.
    public var takes: [String: Take] = [:]
    /// `name:base64`, over `message`.
    public var signature: String?

    /// What is signed: the meaning, not the bytes of the lock.
    public static func message(_ decision: Decision, on artifact: String, of stage: StageName, by: String, at: String, note: String) -> String {
        ["epbuild gate 1", stage.text, artifact, decision.rawValue, by, at, note].joined(separator: "\n")
    }
}

extension GateRecord {
    init?(_ value: Value) {
        guard let decision = value["decision"]?.string.flatMap(Decision.init), let by = value["by"]?.string, let at = value["at"]?.string else { return nil }
        self.init(
            decision: decision, by: by, at: at, note: value["note"]?.string ?? "", question: value["question"]?.string, signature: value["signature"]?.string)
        for member in value["takes"]?.members ?? [] {
            if case .int(let take) = member.value, (1...10_000).contains(take) { takes[member.key] = Take(Int(take)) }
        }
    }

    var value: Value {
        var members: [Value.Member] = [.init("decision", .string(decision.rawValue)), .init("by", .string(by)), .init("at", .string(at))]
        if !note.isEmpty { members.append(.init("note", .string(note))) }
        if let question { members.append(.init("question", .string(question))) }
        if !takes.isEmpty { members.append(.init("takes", .object(takes.sorted { $0.key < $1.key }.map { .init($0.key, .int(Int64($0.value.number))) }))) }
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
        let parts = text.split(separator: "/")
        guard parts.count == 2, parts[1].count == 64 else { return nil }
        stage = StageName(String(parts[0]))
        artifact = String(parts[1])
    }

    var text: String { "\(stage)/\(artifact)" }
    public static func < (left: GateKey, right: GateKey) -> Bool { left.text < right.text }
}
