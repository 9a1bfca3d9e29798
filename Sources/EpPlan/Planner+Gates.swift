import EpCore

/// Gates hide an artifact from the stages that read it until it is approved.
extension Planner {
    /// Every gated artifact that is known by now, with the state of its gate.
    public var gates: [(subject: GateSubject, state: GateState)] {
        foundGates.values.sorted { Target.areInOrder($0.subject.target, $1.subject.target) }.map { ($0.subject, $0.state) }
    }

    /// True if what the stage hands on may be read. False as long as it is not known what there is to approve.
    func isApproved(_ stage: StageDefinition, _ artifacts: StageArtifacts) throws -> Bool {
        guard let gate = stage.gate else { return true }
        guard gate.isPerItem, artifacts.isFanOut else {
            return try isApproved(gate, Target(stage: stage.name), artifacts.files)
        }
        // Every item is asked about, so that a person sees all that waits.
        return try artifacts.items.map { try isApproved(stage, $0) }.allSatisfy { $0 }
    }

    /// True if one item of a stage may be read.
    func isApproved(_ stage: StageDefinition, _ item: ItemArtifacts) throws -> Bool {
        guard let gate = stage.gate else { return true }
        return try isApproved(gate, Target(stage: stage.name, item: item.item), item.files)
    }

    private func isApproved(_ gate: Gate, _ target: Target, _ files: [ArtifactRef]) throws -> Bool {
        if let known = foundGates[target], known.round == round { return known.state.isClosed }
        let digests = files.map { digest(of: $0.source) }
        guard !digests.contains(where: { $0 == nil }) else { return false }
        let subject = GateSubject(
            target: target, digest: GateSubject.digest(of: digests.compactMap { $0 }), files: files, isEdited: isEdited(target),
            meetsRule: try gate.autoApproveIf.map { try meets($0, files, of: target.stage) } ?? false)
        let state = try progress.state(of: gate, subject)
        foundGates[target] = (subject, state, round)
        return state.isClosed
    }

    private func meets(_ rule: GateRule, _ files: [ArtifactRef], of stage: StageName) throws -> Bool {
        try files.allSatisfy { file in
            let shown = shown(file, of: stage)
            return try value(of: file, shown: shown).map { try rule.holds(for: $0, shown: shown) } ?? false
        }
    }
}
