
public import EpCore
import EpPlan

/// Takes and hand edits: the decisions that a person records in the lock.
extension Builder {
    /// Asks for a new take of every action of a target.
    /// - Returns: how many actions will run anew.
    /// - Throws: `Diagnostic` if the target has no action whose inputs are known.
    public func clean(_ target: Target, in inspection: Inspection) async throws -> Int {
        let actions = try known(target, inspection)
        try change(inspection) { lock in actions.forEach { lock.advance($0, for: target) } }
        return actions.count
    }

    /// Chooses a take of every action of a target; the first leaves no trace.
    public func use(_ take: Take, of target: Target, in inspection: Inspection) throws -> Int {
        let actions = try known(target, inspection)
        try change(inspection) { lock in
            for action in actions {
                let latest = lock.takes[action.hex]?.latest ?? .first
                guard take <= latest else {
                    throw Diagnostic(.usage, "\(target) has no take \(take)", remedy: "its takes are 1 to \(latest); `epbuild clean` asks for another")
                }
                lock.takes[action.hex] = latest == .first ? nil : .init(take: take, latest: latest, note: target.description)
            }
        }
        return actions.count
    }

    /// The takes of a target's first action: number, whether it is in use, and whether it is in the cache.
    public func takes(of target: Target, in inspection: Inspection) throws -> [(take: Take, isUsed: Bool)] {
        guard let action = try known(target, inspection).first else { return [] }
        let entry = inspection.lock.takes[action.hex]
        return (1...(entry?.latest.number ?? 1)).map { (Take($0), Take($0) == entry?.take ?? .first) }
    }

    /// Gives up a hand edit: the next build writes the generated text in its place.
    /// - Returns: where the edit was put aside.
    public func revert(_ target: Target, in inspection: Inspection) throws -> String {
        let stage = try inspection.view(of: target)
        let directory = inspection.place.directory
        guard let name = stage.definition.output, stage.isEdited, let bytes = try Files.read("\(directory)/\(name)") else {
            throw Diagnostic(.usage, "\(target) has no hand edit to give up", remedy: "`epbuild status` tells what is edited")
        }
        let digest = Digest(of: bytes)
        let kept = "\(inspection.place.stateDirectory)/edits/\(digest.short)-\(name)"
        try Files.makeDirectory("\(inspection.place.stateDirectory)/edits")
        try Files.replace(kept, with: bytes, durably: true)
        try change(inspection) { $0.files[name] = [digest.hex] }
        return kept
    }

    func known(_ target: Target, _ inspection: Inspection) throws -> [ActionDigest] {
        let steps = inspection.steps(of: target).filter { !$0.isPinned }
        var seen: Set<ActionDigest> = []
        let actions = steps.compactMap(\.takeFree).filter { seen.insert($0).inserted }
        guard !actions.isEmpty else {
            let isEdited = try inspection.view(of: target).isEdited
            throw Diagnostic(
                .usage, isEdited ? "\(target) is edited by hand, so nothing generates it" : "\(target) has no action that is known yet",
                remedy: isEdited ? "`epbuild revert` gives the edit up" : "build what it depends on first")
        }
        return actions
    }

    /// Records a person's decision in the lock.
    func change(_ inspection: Inspection, _ change: (inout EpisodeLock) throws -> Void) throws {
        let place = inspection.place
        try LockFile(of: place, seen: inspection.lock, shown: "\(place.directory)/\(EpisodeLock.fileName)").update(change)
    }
}
