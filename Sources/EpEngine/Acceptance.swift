import EpCache
public import EpCore
import EpFiles
import EpPlan

/// That an earlier result stands for what an action would make now. It is kept under the action as it would run, so
/// that it ends by itself as soon as any other input is different.
public struct Acceptance: Equatable, Sendable {
    /// Where the result is that stands.
    public let action: ActionDigest
    /// Which target it was then: for people, and for whoever takes it back when the plan cannot name it any more.
    public let target: Target
    public let by: String
    public let at: String
}

extension Acceptance {
    var value: Value {
        ["action": .string(action.description), "target": .string(target.description), "by": .string(by), "at": .string(at)]
    }

    init?(_ value: Value) {
        guard value.members?.count == 4, let action = value["action"]?.string.flatMap({ Digest(parsing: $0) }),
            let target = value["target"]?.string.map({ Target(parsing: $0) }), !target.stage.text.isEmpty,
            let by = value["by"]?.string, let at = value["at"]?.string
        else { return nil }
        self.init(action: ActionDigest(action), target: target, by: by, at: at)
    }
}

/// What accepting a target has come to.
public struct AcceptedTargets: Sendable {
    /// What stands now as it was: each item, or the stage.
    public let targets: [Target]
    /// Actions of the target that run all the same, as nothing was made of them before.
    public let missing: Int
}

/// Accepting what is stale, and taking that back.
extension Builder {
    /// Has the last results of what is stale in some targets stand, until they would be stale for another reason.
    ///
    /// What an accepted action feeds can only be named once it is accepted, so this goes on as long as it finds something.
    /// - Throws: `Diagnostic` (usage) if nothing of a target is stale, or its last result is gone.
    public func accept(_ target: Target, by name: String, at place: EpisodePlace) async throws -> AcceptedTargets {
        var accepted: [Target] = []
        while true {
            let inspection = try await inspect(place)
            let stale = inspection.steps(of: target).filter { $0.state == .stale }
            guard !stale.isEmpty else {
                let missing = inspection.steps(of: target).filter { $0.state == .missing }.count
                guard !accepted.isEmpty else { throw try nothingToAccept(target, missing, inspection) }
                return AcceptedTargets(targets: accepted.sorted(by: Target.areInOrder), missing: missing)
            }
            let acceptances = try stale.map { try ($0.takeFree?.hex ?? "", acceptance(of: $0, by: name, inspection)) }
            try change(inspection) { lock in
                for (action, acceptance) in acceptances { lock.accepts[action] = acceptance }
            }
            for step in stale where !accepted.contains(step.target) { accepted.append(step.target) }
        }
    }

    /// Lets what was accepted be made anew.
    /// - Returns: what was taken back.
    /// - Throws: `Diagnostic` (usage) if nothing of the target was accepted.
    public func unaccept(_ target: Target, in inspection: Inspection) throws -> [Target] {
        // By the names that they have now, and by those that they had.
        var found = Dictionary(inspection.accepted(of: target).map { ($0.action, $0.step.target) }) { first, _ in first }
        if found.isEmpty {
            for (action, acceptance) in inspection.lock.accepts where target.covers(acceptance.target) { found[action] = acceptance.target }
        }
        guard !found.isEmpty else {
            let all = inspection.lock.accepts.values.map(\.target).sorted(by: Target.areInOrder).map(\.description)
            throw Diagnostic(
                .usage, "\(target) was not accepted", remedy: all.isEmpty ? "nothing was" : "accepted: \(all.joined(separator: ", "))")
        }
        try change(inspection) { lock in found.keys.forEach { lock.accepts[$0] = nil } }
        var seen: Set<Target> = []
        return found.values.filter { seen.insert($0).inserted }.sorted(by: Target.areInOrder)
    }

    /// True if something was accepted: then the memo alone cannot tell how the episode stands.
    func hasAccepted(at place: EpisodePlace) throws -> Bool { try !lock(of: place).accepts.isEmpty }

    private func acceptance(of step: Inspection.StepView, by name: String, _ inspection: Inspection) throws -> Acceptance {
        let title = step.name.isEmpty ? "\(step.target)" : "\(step.target) (\(step.name))"
        if inspection.readsMore(step) {
            throw Diagnostic(
                .usage, "\(title) cannot be accepted: what its program reads is known only after it has run",
                remedy: "`epbuild pin` keeps its result whatever changes")
        }
        guard let action = inspection.lastAddress(of: step), case .hit(_) = cache.lookup(action, requiring: step.action?.outputs ?? [])
        else {
            throw Diagnostic(
                .usage, "the last result of \(title) is not in the cache of this machine, so it cannot stand",
                remedy: "build, and accept after the next change")
        }
        return Acceptance(action: action, target: step.target, by: name, at: surroundings.clock.now().iso8601Seconds)
    }

    private func nothingToAccept(_ target: Target, _ missing: Int, _ inspection: Inspection) throws -> Diagnostic {
        let steps = inspection.steps(of: target)
        guard !steps.isEmpty else { return try inspection.absence(of: target) }
        if missing > 0 { return Diagnostic(.usage, "\(target) was never built, so there is nothing to accept", remedy: "build it first") }
        if steps.contains(where: { $0.state == .unknown }) {
            return Diagnostic(
                .usage, "what \(target) is made from is not built, so nobody knows whether it is stale",
                remedy: "accept or build that first: `epbuild plan` names it")
        }
        return Diagnostic(.usage, "\(target) is up to date: there is nothing to accept", remedy: "`epbuild status` tells what is stale")
    }
}

extension Inspection {
    /// An action whose earlier result stands.
    public struct Accepted: Sendable {
        public let step: StepView
        public let acceptance: Acceptance
        /// Under which it is kept.
        let action: String

        /// The inputs that are different from those that its result was made of, as far as this machine knows.
        public var changed: [String] { step.changes.map(\.label) }

        var value: Value {
            let members: [Value.Member] = [
                .init("target", .string(step.target.description)), .init("step", .string(step.name)), .init("by", .string(acceptance.by)),
                .init("at", .string(acceptance.at)), .init("changes", .list(step.changes.map(\.value))),
            ]
            return .object(members)
        }
    }

    /// What of a target stands as it was accepted.
    public func accepted(of target: Target) -> [Accepted] { accepted.filter { target.covers($0.step.target) } }

    /// All that stands as it was accepted.
    public var accepted: [Accepted] {
        guard !lock.accepts.isEmpty else { return [] }
        return steps.compactMap { step in
            guard step.isAccepted, let key = step.takeFree?.hex, let acceptance = lock.accepts[key] else { return nil }
            return Accepted(step: step, acceptance: acceptance, action: key)
        }
    }
}
