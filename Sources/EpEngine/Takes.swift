
import EpCache
public import EpCore
import EpPlan

/// Takes and hand edits: the decisions that a person records in the lock.
extension Builder {
    /// One rendition of an action.
    public struct TakeView: Sendable {
        public let take: Take
        public let isUsed: Bool
        /// What it came to, if it is in the local cache.
        public let result: ActionResult?
    }

    /// Asks for a new take of every action of a target.
    /// - Returns: how many actions will run anew.
    /// - Throws: `Diagnostic` if the target has no action whose inputs are known.
    public func clean(_ target: Target, in inspection: inout Inspection) async throws -> Int {
        let actions = try known(target, inspection)
        for known in actions {
            let next = latestTake(of: known, inspection.lock).next
            inspection.lock.takes[known.digest.hex] = .init(take: next, latest: next, note: target.description)
        }
        try save(inspection)
        return actions.count
    }

    /// Chooses a take of every action of a target; the first leaves no trace.
    public func use(_ take: Take, of target: Target, in inspection: inout Inspection) throws -> Int {
        let actions = try known(target, inspection)
        for known in actions {
            let latest = latestTake(of: known, inspection.lock)
            guard take <= latest else {
                throw Diagnostic(.usage, "\(target) has no take \(take)", remedy: "its takes are 1 to \(latest); `epbuild clean` asks for another")
            }
            inspection.lock.takes[known.digest.hex] = latest == .first ? nil : .init(take: take, latest: latest, note: target.description)
        }
        try save(inspection)
        return actions.count
    }

    /// The takes of each action of a target.
    public func takes(of target: Target, in inspection: Inspection) throws -> [(target: Target, step: String, takes: [TakeView])] {
        try known(target, inspection).map { known in
            let used = inspection.lock.takes[known.digest.hex]?.take ?? .first
            let takes = (1...latestTake(of: known, inspection.lock).number).map { number in
                TakeView(take: Take(number), isUsed: Take(number) == used, result: result(of: Take(number), known.action))
            }
            return (known.target, known.step, takes)
        }
    }

    /// The highest take that was asked for, here or by another machine whose result is in the local cache: its number
    /// must not be given to a new take, which would then be that old one.
    private func latestTake(of known: KnownAction, _ lock: EpisodeLock) -> Take {
        var latest = lock.takes[known.digest.hex]?.latest ?? .first
        while result(of: latest.next, known.action) != nil { latest = latest.next }
        return latest
    }

    private func result(of take: Take, _ action: Action) -> ActionResult? {
        var action = action
        action.take = take
        guard case .hit(let result) = cache.lookup(action.digest, requiring: action.outputs) else { return nil }
        return result
    }

    /// Gives up a hand edit: the next build writes the generated text in its place.
    /// - Returns: where the edit was put aside.
    public func revert(_ target: Target, in inspection: inout Inspection) throws -> String {
        guard let stage = inspection.stages.first(where: { $0.definition.name == target.stage }) else {
            throw Diagnostic(
                .usage, "there is no stage \"\(target.stage)\"",
                remedy: Suggestion.remedy(for: target.stage.text, in: inspection.stages.map(\.definition.name.text)))
        }
        let directory = inspection.place.directory
        guard let name = stage.definition.output, stage.isEdited, let bytes = try Files.read("\(directory)/\(name)") else {
            throw Diagnostic(.usage, "\(target) has no hand edit to give up", remedy: "`epbuild status` tells what is edited")
        }
        let digest = Digest(of: bytes)
        let kept = "\(inspection.place.stateDirectory)/edits/\(digest.short)-\(name)"
        try Files.makeDirectory("\(inspection.place.stateDirectory)/edits")
        try Files.replace(kept, with: bytes, durably: true)
        inspection.lock.files[name] = [digest.hex]
        try save(inspection)
        return kept
    }

    private struct KnownAction {
        let target: Target
        let step: String
        /// Under which its takes are kept.
        let digest: ActionDigest
        let action: Action
    }

    /// The distinct actions of a target, each for the first step that needs it.
    private func known(_ target: Target, _ inspection: Inspection) throws -> [KnownAction] {
        var seen: Set<ActionDigest> = []
        let actions = inspection.steps(of: target).compactMap { step -> KnownAction? in
            guard let digest = step.takeFree, let action = step.action, seen.insert(digest).inserted else { return nil }
            return KnownAction(target: step.target, step: step.name, digest: digest, action: action)
        }
        guard !actions.isEmpty else {
            let isEdited = inspection.stages.first { $0.definition.name == target.stage }?.isEdited == true
            throw Diagnostic(
                .usage, isEdited ? "\(target) is edited by hand, so nothing generates it" : "\(target) has no action that is known yet",
                remedy: isEdited ? "`epbuild revert` gives the edit up" : "build what it depends on first")
        }
        return actions
    }

    private func save(_ inspection: Inspection) throws {
        try Files.replace("\(inspection.place.directory)/\(EpisodeLock.fileName)", with: Array(inspection.lock.text.utf8), durably: true)
    }
}
