import EpCore
import EpEngine
import EpPlan

/// What a draft stands in for, and why, for a person.
struct DraftSummary {
    private let draft: DraftReport
    /// Targets that are named; the others are counted.
    private static let shownTargets = 3

    init(_ draft: DraftReport) { self.draft = draft }

    /// What has the same placeholder for the same reason in the same stage.
    private struct Group {
        let first: StandIn
        var targets: [Target]

        /// Only the first line of a reason: a program's messages would fill the screen.
        var reason: String { first.reason.headline }

        func takes(_ other: StandIn) -> Bool {
            other.target.stage == first.target.stage && other.what == first.what && other.reason.message == first.reason.message
        }
    }

    var lines: [String] {
        var lines = groups.map { "  placeholder: \(names($0.targets)): \($0.first.what) (\($0.reason))" }
        lines += draft.unapproved.map { "  \($0) is not approved yet" }
        if !draft.leftOut.isEmpty { lines.append("  left out: \(draft.leftOut.map(\.text).joined(separator: ", "))") }
        return lines
    }

    private var groups: [Group] {
        draft.standIns.reduce(into: []) { groups, standIn in
            if let index = groups.firstIndex(where: { $0.takes(standIn) }) {
                if !groups[index].targets.contains(standIn.target) { groups[index].targets.append(standIn.target) }
            } else {
                groups.append(Group(first: standIn, targets: [standIn.target]))
            }
        }
    }

    private func names(_ targets: [Target]) -> String {
        let named = targets.prefix(Self.shownTargets).map(\.description).joined(separator: ", ")
        return targets.count > Self.shownTargets ? "\(named) and \(targets.count - Self.shownTargets) more" : named
    }
}
