public import EpCore
public import EpPlan

/// A gate that a build has come to, and nobody has opened the way.
public struct GateReport: Sendable {
    public let target: Target
    public let state: GateState
    /// True if a person's edit stands for the stage.
    public let isEdited: Bool
    /// What to read or hear, as paths that a person can open.
    public let files: [String]

    /// A wait that is over: the build fails, so that nobody goes on asking it to be run again.
    var failure: Failure? {
        guard state == .overdue else { return nil }
        return Failure(
            Diagnostic(
                .approvalOverdue, "nobody has decided within the gate's timeout",
                remedy: "`epbuild approve` or `epbuild reject`, then run the same command again"),
            of: StepSite(target))
    }

    var value: Value {
        var members: [Value.Member] = [
            .init("target", .string(target.description)), .init("state", .string(state.name)),
            .init("files", .list(files.map { .string($0) })),
        ]
        if case .rejected(let note) = state { members.append(.init("note", .string(note))) }
        return .object(members)
    }
}

extension GateState {
    /// As `--json` gives it.
    public var name: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .overdue: "overdue"
        case .rejected: "rejected"
        }
    }
}
