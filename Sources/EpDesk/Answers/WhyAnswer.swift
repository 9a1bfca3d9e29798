public import EpCore
public import EpEngine
public import EpHistory
import EpPlan

/// Why the actions of a target would run, or why they do not and did the last time.
public struct WhyAnswer {
    public let target: Target
    public let steps: [StepReason]
    /// Why there is nothing to ask about; nil if there is.
    public let silence: String?

    /// As `why --json` gives it: an object for each action, or one that says why there is none.
    public var values: [Value] {
        silence.map { [["target": .string(target.description), "reason": .string($0)]] } ?? steps.map(\.value)
    }
}

/// Why one action would run, or why it does not and did the last time.
public struct StepReason {
    public let step: Inspection.StepView
    /// How it was made the last time, here; nil if it never was.
    public let last: ActionRecord?

    /// Nil if its changes say it.
    public var reason: String? {
        switch step.state {
        case .upToDate where step.isPinned: "as it is pinned"
        case .upToDate where step.isAccepted: "it was accepted as it is"
        case .upToDate: "none of its inputs changed"
        case .unknown: "what it depends on is not built"
        case .missing: "it was never built"
        case .stale where !step.changes.isEmpty: nil
        case .stale: step.takeFree == step.address ? "its result is not in the cache" : "another take is asked for"
        }
    }

    var value: Value {
        var members: [Value.Member] = [
            .init("target", .string(step.target.description)), .init("step", .string(step.name)),
            .init("state", .string(step.state.rawValue)),
            .init("reason", reason.map { .string($0) } ?? .null), .init("changes", .list(step.changes.map(\.value))),
        ]
        if let last {
            members.append(
                .init(
                    "lastRun",
                    .object([
                        .init("build", .int(last.build)), .init("seconds", .double(last.seconds)), .init("changes", .list(last.reasons)),
                    ])))
        }
        return .object(members)
    }
}

extension Desk {
    /// Why the actions of a target would run.
    /// - Throws: `Diagnostic` (usage) if there is no such stage, or the stage has no such item.
    public func why(_ target: Target, in inspection: Inspection) throws -> WhyAnswer {
        let (history, name) = (history(of: inspection.place), EpisodeName(inspection.place))
        let steps = try inspection.steps(of: target).map {
            StepReason(step: $0, last: try history.lastExecution(of: $0.target, step: $0.name, in: name))
        }
        return WhyAnswer(target: target, steps: steps, silence: steps.isEmpty ? try inspection.silence(about: target) : nil)
    }
}

extension Inspection {
    /// Why a target without actions has none.
    fileprivate func silence(about target: Target) throws -> String {
        let stage = try view(of: target)
        if isEdited(target) { return "is edited by hand: nothing generates it" }
        let waiting = gates.filter { !$0.state.isClosed }.map(\.subject.target.description)
        return switch stage.knowledge {
        case .known where target.item == nil: "runs nothing"
        case .known: try silence(aboutItem: target)
        case .notYet where !waiting.isEmpty: "waits for a decision on \(waiting.joined(separator: ", "))"
        case .notYet: "is not known before what it depends on is built: see `epbuild plan`"
        case .notNeeded: "is not needed: an edit stands for what would read it"
        }
    }

    private func silence(aboutItem target: Target) throws -> String {
        let own = items.filter { target.covers($0.target) }
        guard !own.isEmpty else { throw try absence(of: target) }
        return own.allSatisfy(\.isSkipped) ? "is left out" : "runs nothing"
    }
}
