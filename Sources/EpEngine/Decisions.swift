public import EpCore
import EpFiles
import EpPlan

/// What a person has in view who decides. Nobody decides about what nobody could see.
public enum Sight: Sendable, Equatable {
    /// What the last build has put where people look.
    case delivered
    /// Whatever the cache holds, as the person is shown it from there.
    case cached
    /// The artifact of this SHA-256, shown from the cache, and no other.
    case artifact(String)
}

/// What a person says about an artifact at a gate.
public struct Verdict: Sendable {
    public let isApproval: Bool
    public let by: String
    public let note: String
    /// Signs the decision, where the person has a key.
    public let key: SigningKey?
    public let sight: Sight

    public init(isApproval: Bool, by: String, note: String, key: SigningKey?, sight: Sight = .delivered) {
        self.isApproval = isApproval
        self.sight = sight
        self.by = by
        self.note = note
        self.key = key
    }
}

/// Approving and rejecting, pinning and letting go.
extension Builder {
    /// Records a decision about a target's artifact as it is now. A rejection also asks for a new take of what made it; to approve
    /// what stands there rejected takes the rejection back.
    /// - Returns: the targets decided about.
    /// - Throws: `Diagnostic` if there is nothing to decide about, the person has seen another artifact, or the workspace demands a
    ///   signature that is not there.
    public func decide(_ verdict: Verdict, on target: Target, in inspection: Inspection) throws -> [Target] {
        try check(verdict.key, inspection)
        if verdict.isApproval, let key = try standingRejected(target, inspection), verdict.sight.isOf(key.artifact) {
            try change(inspection) { lock in
                for (action, take) in lock.gates[key]?.takes ?? [:] { lock.takes[action]?.take = take }
                lock.gates[key] = record(of: verdict, on: key)
            }
            return [target]
        }
        let subjects = try subjects(of: target, inspection)
        for subject in subjects { try check(verdict.sight, of: subject, inspection) }
        try change(inspection) { lock in
            for subject in subjects {
                let key = GateKey(subject)
                var record = record(of: verdict, on: key)
                if !verdict.isApproval { regenerate(subject, inspection, &lock, &record) }
                lock.gates[key] = record
            }
        }
        return subjects.map(\.target)
    }

    private func record(of verdict: Verdict, on key: GateKey) -> GateRecord {
        let at = surroundings.clock.now().iso8601Seconds
        var record = GateRecord(decision: verdict.isApproval ? .approved : .rejected, by: verdict.by, at: at, note: verdict.note)
        let message = GateRecord.message(record.decision, on: key.artifact, of: key.stage, by: record.by, at: at, note: record.note)
        record.signature = verdict.key?.sign(message)
        return record
    }

    /// What was rejected of a target and stands in the episode still, as nothing was built since; nil if nothing does.
    private func standingRejected(_ target: Target, _ inspection: Inspection) throws -> GateKey? {
        guard let text = inspection.pass.planner.texts[target], !text.isEdited,
            let bytes = try Files.read("\(inspection.place.directory)/\(text.file)")
        else { return nil }
        let key = GateKey(stage: target.stage, artifact: Digest(of: bytes))
        return inspection.lock.gates[key]?.decision == .rejected ? key : nil
    }

    /// Asks for new takes of the actions that made an artifact, and notes the question that they answered.
    private func regenerate(_ subject: GateSubject, _ inspection: Inspection, _ lock: inout EpisodeLock, _ record: inout GateRecord) {
        // An edited or pinned artifact has no action: then only the decision is recorded.
        let actions = (try? known(subject.target, inspection)) ?? []
        record.takes = Dictionary(actions.map { ($0.digest.hex, lock.take(of: $0.digest)) }) { first, _ in first }
        advance(actions, for: subject.target, in: &lock)
        record.question = inspection.steps(of: subject.target).compactMap(\.question).first?.hex
        record.order = lock.nextOrder
    }

    private func check(_ key: SigningKey?, _ inspection: Inspection) throws {
        let trusted = inspection.workspace.approvers
        guard !trusted.isEmpty else { return }
        let names = trusted.map(\.name).joined(separator: ", ")
        guard let key else {
            throw Diagnostic(.usage, "this workspace wants decisions signed by \(names)", remedy: "put your key into EPBUILD_SIGNING_KEY")
        }
        guard trusted.contains(where: { $0.isValid(key.sign("epbuild"), of: "epbuild") }) else {
            throw Diagnostic(
                .usage, "the key \"\(key.name)\" may not decide here", remedy: "epbuild.yaml names \(names) in `gates: { signed_by: … }`")
        }
    }

    private func subjects(of target: Target, _ inspection: Inspection) throws -> [GateSubject] {
        let definition = try inspection.definition(of: target)
        guard let gate = definition.gate else {
            let gated = inspection.stages.filter { $0.definition.gate != nil }.map(\.definition.name.text)
            throw Diagnostic(
                .usage, "\(target) has no gate",
                remedy: gated.isEmpty ? "write `gate: true` to the stage in pipeline.yaml" : "gates: \(gated.joined(separator: ", "))")
        }
        let all = inspection.gates.map(\.subject).filter { $0.target.stage == target.stage }
        let named = all.filter { target.covers($0.target) }
        guard named.isEmpty else { return named }
        guard target.item == nil || gate.isPerItem || all.isEmpty else {
            throw Diagnostic(
                .usage, "\(target.stage) is decided about as a whole",
                remedy: "name the stage, or write `gate: { per: item }` in pipeline.yaml")
        }
        throw Self.nothingToDecide(target)
    }

    private static func nothingToDecide(_ target: Target) -> Diagnostic {
        Diagnostic(.usage, "there is nothing to decide about \(target) yet", remedy: "build it first; `epbuild status` tells what waits")
    }

    private func check(_ sight: Sight, of subject: GateSubject, _ inspection: Inspection) throws {
        guard sight.isOf(subject.digest.hex) else { throw Diagnostic(.usage, "\(subject.target) has changed meanwhile") }
        guard sight == .delivered, try !isShown(subject, inspection) else { return }
        throw Diagnostic(
            .usage, "\(subject.target) does not stand where it is to be seen yet",
            remedy: "build it first: a build puts it there when it ends; `epbuild status` tells what waits")
    }

    /// True if what is to be decided stands where a build puts it for people.
    private func isShown(_ subject: GateSubject, _ inspection: Inspection) throws -> Bool {
        let (planner, place, stage) = (inspection.pass.planner, inspection.place, try inspection.definition(of: subject.target))
        return try subject.files.allSatisfy { file in
            guard case .output(let step, let path) = file.source else { return true }
            let item = planner.items(of: subject.target.stage).first { $0.files.contains(file) }?.item
            let text = planner.texts[Target(stage: subject.target.stage, item: item)].map { "\(place.directory)/\($0.file)" }
            let delivered = "\(place.directory)/out/\(Planner.deliveredName(of: file, item: item, in: stage))"
            let digest = inspection.pass.results[step.index]?[path]
            return try [text, delivered, Delivery.reviewPath(of: file, subject.target, planner, place)].compactMap(\.self).contains {
                try Files.read($0).map { Digest(of: $0) } == digest
            }
        }
    }

    /// Keeps a target's artifacts whatever happens upstream.
    /// - Returns: the targets that are pinned now, one for each item.
    public func pin(_ target: Target, in inspection: Inspection) throws -> [Target] {
        let pins = try inspection.pins(of: target)
        try change(inspection) { lock in pins.forEach { lock.pins[$0.key] = $0.value } }
        return pins.keys.sorted(by: Target.areInOrder)
    }

    /// Lets what is pinned be made anew.
    /// - Returns: how many pins were taken away.
    public func unpin(_ target: Target, in inspection: Inspection) throws -> Int {
        let pinned = inspection.lock.pins.keys.filter(target.covers)
        guard !pinned.isEmpty else {
            let all = inspection.lock.pins.keys.map(\.description).sorted()
            throw Diagnostic(
                .usage, "\(target) is not pinned", remedy: all.isEmpty ? "nothing is" : "pinned: \(all.joined(separator: ", "))")
        }
        try change(inspection) { lock in pinned.forEach { lock.pins[$0] = nil } }
        return pinned.count
    }

    /// Leaves items out: what reads their stage goes on without them.
    /// - Returns: the items that are left out now.
    /// - Throws: `Diagnostic` (usage) if the target is no item of a stage that fans out.
    public func skip(_ target: Target, in inspection: Inspection) throws -> [Target] {
        let stage = try inspection.definition(of: target)
        guard case .tool = stage.kind, stage.fansOut, target.item != nil else {
            let remedy =
                stage.fansOut
                ? "name one: `\(target.stage)/ITEM`; of files, take away what is to be left out"
                : "`each:` in pipeline.yaml lets it have items"
            throw Diagnostic(.usage, "only an item of a stage can be left out, and \(target) is none", remedy: remedy)
        }
        let places = inspection.pass.planner.places(of: target.stage).map {
            (target: Target(stage: target.stage, item: $0.item), place: $0.place)
        }
        let named = places.filter { target.covers($0.target) }
        guard !named.isEmpty else { throw try inspection.absence(of: target) }
        // One that was left out before has another name in the lock, perhaps.
        let known = Set(inspection.lock.skips.values)
        try change(inspection) { lock in
            for item in named where !known.contains(item.place) { lock.skips[item.target] = item.place }
        }
        return named.map(\.target)
    }

    /// Takes items in again that were left out.
    /// - Returns: how many.
    public func unskip(_ target: Target, in inspection: Inspection) throws -> Int {
        // By the names that they have now, and by those that they had.
        let places = inspection.pass.planner.places(of: target.stage).filter { target.covers(Target(stage: target.stage, item: $0.item)) }
            .map(\.place)
        let now = Set(places)
        let skips = inspection.pass.planner.skipPlaces.filter { now.contains($0.value) }.map(\.key)
        let found = skips.isEmpty ? inspection.lock.skips.keys.filter(target.covers) : skips
        guard !found.isEmpty else {
            let all = inspection.lock.skips.keys.sorted(by: Target.areInOrder).map(\.description)
            throw Diagnostic(
                .usage, "\(target) is not left out", remedy: all.isEmpty ? "nothing is" : "left out: \(all.joined(separator: ", "))")
        }
        try change(inspection) { lock in found.forEach { lock.skips[$0] = nil } }
        return found.count
    }
}

extension Sight {
    /// False if another artifact was seen.
    fileprivate func isOf(_ artifact: String) -> Bool {
        if case .artifact(let seen) = self { seen == artifact } else { true }
    }
}
