
public import EpCore
import EpPlan

/// Takes and hand edits: the decisions that a person records in the lock.
extension Builder {
    /// Asks for a new take of every action of a target.
    /// - Returns: how many actions will run anew.
    /// - Throws: `Diagnostic` if the target has no action whose inputs are known.
    public func clean(_ target: Target, in inspection: inout Inspection) async throws -> Int {
        let actions = try known(target, inspection)
        for action in actions {
            let entry = inspection.lock.takes[action.hex]
            // A take that another machine has made before must not come back as a new one.
            let next = (entry?.latest ?? .first).next
            inspection.lock.takes[action.hex] = .init(take: next, latest: next, note: target.description)
        }
        try save(inspection)
        return actions.count
    }

    /// Chooses a take of every action of a target; the first leaves no trace.
    public func use(_ take: Take, of target: Target, in inspection: inout Inspection) throws -> Int {
        let actions = try known(target, inspection)
        for action in actions {
            let latest = inspection.lock.takes[action.hex]?.latest ?? .first
            guard take <= latest else {
                throw Diagnostic(.usage, "\(target) has no take \(take)", remedy: "its takes are 1 to \(latest); `epbuild clean` asks for another")
            }
            inspection.lock.takes[action.hex] = latest == .first ? nil : .init(take: take, latest: latest, note: target.description)
        }
        try save(inspection)
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

    private func known(_ target: Target, _ inspection: Inspection) throws -> [ActionDigest] {
        let steps = inspection.steps(of: target)
        var seen: Set<ActionDigest> = []
        let actions = steps.compactMap(\.takeFree).filter { seen.insert($0).inserted }
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
