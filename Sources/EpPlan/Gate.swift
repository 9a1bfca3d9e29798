public import EpCore

/// What `gate:` says of a stage: whether a person must approve its artifact before anything that reads it runs.
public struct Gate: Sendable, Equatable {
    /// False: it approves itself, at once or after `autoApproveAfterSeconds`, unless a person rejects.
    public let isRequired: Bool
    /// True: each item of a fan-out is decided by itself, and what reads only that item goes on.
    public let isPerItem: Bool
    /// After so long a wait a build fails instead of asking to be run again.
    public let timeoutMinutes: Double?
    public let autoApproveAfterSeconds: Double?
    /// It approves itself if the artifact is so.
    public let autoApproveIf: GateRule?

    public init(
        isRequired: Bool = true, isPerItem: Bool = false, timeoutMinutes: Double? = nil, autoApproveAfterSeconds: Double? = nil,
        autoApproveIf: GateRule? = nil
    ) {
        self.autoApproveIf = autoApproveIf
        self.isRequired = isRequired
        self.isPerItem = isPerItem
        self.timeoutMinutes = timeoutMinutes
        self.autoApproveAfterSeconds = autoApproveAfterSeconds
    }

    /// - Parameter node: `true`, or a mapping.
    init(_ node: Node, subject: String) throws {
        if let isRequired = node.value.bool {
            self.init(isRequired: isRequired)
            return
        }
        var fields = try Fields(node, subject: "`gate` of \(subject)")
        let isRequired = fields.bool("required") ?? true
        let per = fields.string("per")
        if let per, !["stage", "item"].contains(per) {
            fields.report(
                Diagnostic(.badInput, "`per` of \(fields.subject) must be stage or item, not \"\(per)\"", at: node["per"]?.location))
        }
        let year = 527_040.0
        let rule = try fields.node("auto_approve_if").map { try GateRule($0, subject: fields.subject) }
        self.init(
            isRequired: isRequired, isPerItem: per == "item", timeoutMinutes: fields.number("timeout_minutes", in: 0...year),
            autoApproveAfterSeconds: fields.number("auto_approve_after_seconds", in: 0...(year * 60)), autoApproveIf: rule)
        try fields.finish()
    }
}

/// What a gate asks about: an artifact as it is now.
public struct GateSubject: Sendable {
    public let target: Target
    /// Of the one file; of several, the digest of their digests, a line each. Names do not count.
    public let digest: Digest
    public let files: [ArtifactRef]
    /// True if a person's edit stands for the stage.
    public let isEdited: Bool
    /// True if it is as the gate's rule demands.
    public let meetsRule: Bool

    static func digest(of files: [Digest]) -> Digest {
        files.count == 1 ? files[0] : Digest(of: Array(files.map { "\($0)\n" }.joined().utf8))
    }
}

/// How a gate stands.
public enum GateState: Sendable, Equatable {
    /// Approved, by a person or by itself.
    case closed
    /// Nobody has decided.
    case open
    /// Nobody has decided within the gate's timeout.
    case overdue
    /// A person has said no to this very artifact.
    case rejected(note: String)

    public var isClosed: Bool { self == .closed }
}

/// What a person said when rejecting an artifact.
public struct Rejection: Sendable, Equatable {
    public let note: String
    public let by: String

    public init(note: String, by: String) {
        self.note = note
        self.by = by
    }
}
