import EpCore
import EpPlan

/// Whose turn it is to do a step, and that they get it.
extension BuildPass {
    /// Has the next alternative do a step that failed.
    /// - Returns: false if there is none.
    func goOn(_ id: StepID, after failure: StepFailure) -> Bool {
        let step = planner.steps[id.index]
        let begun = chains[id.index] ?? addresses[id.index].map { Chain(step, at: $0) }
        guard !step.alternatives.isEmpty, var chain = begun else { return false }
        let asked = chain.asked
        let goesOn = chain.goOn(after: failure)
        chains[id.index] = chain
        guard goesOn else { return false }
        addresses[id.index] = nil
        tell(of: chain, step.site, after: failure, asked)
        schedule.hold(id)
        takeTurn(id)
        return true
    }

    private func tell(of chain: Chain, _ site: StepSite, after failure: StepFailure, _ asked: String) {
        guard let next = chain.alternative else { return }
        if next.isPlaceholder {
            events.tell(.actionStoodIn(StandIn(site: site, what: next.name, reason: chain.failures.first?.problem ?? failure.diagnostic)))
        } else {
            events.tell(.providerFallback(
                ProviderFallback(
                    site: site, asked: asked, problem: failure.diagnostic, attempts: failure.attempts, cost: failure.cost,
                    next: next.name)))
        }
    }

    /// Goes on with what a record says of a step that has no result: another action has served in its place.
    /// - Returns: false if that has been tried.
    func follow(_ record: ActionDigest, _ id: StepID) -> Bool {
        guard chains[id.index] == nil, let address = addresses[id.index] else { return false }
        var chain = Chain(planner.steps[id.index], at: address)
        chain.follow(record)
        chains[id.index] = chain
        addresses[id.index] = nil
        schedule.hold(id)
        takeTurn(id)
        return true
    }

    /// Programs have answered, or are missing: those who waited for that go on.
    func resumeHeld() {
        let waiting = held
        held = []
        waiting.forEach(takeTurn)
    }

    /// Puts the action of whose turn it is in the place of the step, as soon as the programs that it needs have answered.
    private func takeTurn(_ id: StepID) {
        guard let chain = chains[id.index] else { return }
        switch chain.turn {
        case .first: put(chain.first, id)
        case .whoever(let action): findWhoever(did: action, id, chain)
        case .alternative(let number, _):
            let alternative = chain.first.alternatives[number]
            switch answers(of: [alternative]) {
            case .asked: held.append(id)
            case .missing(let problem): fail(id, StepFailure(problem), attempts: 0)
            case .known(let answers):
                do {
                    put(chain.first.done(by: alternative, try alternative.work(answers)), id)
                } catch {
                    fail(id, StepFailure(error as? Diagnostic ?? Diagnostic(.actionFailed, "\(error)")), attempts: 0)
                }
            }
        }
    }

    /// Looks which alternative a record means. One that means none is a miss.
    private func findWhoever(did action: ActionDigest, _ id: StepID, _ chain: Chain) {
        let alternatives = chain.first.alternatives.enumerated().filter { !$1.isPlaceholder }
        if case .asked = answers(of: alternatives.map(\.element)) {
            held.append(id)
            return
        }
        let steps = alternatives.compactMap { number, alternative in
            work(of: alternative).map { (number, chain.first.done(by: alternative, $0)) }
        }
        let meant = steps.first { _, step in
            var resolved = resolve(id, step)
            resolved.first = chain.address
            return worker.address(of: resolved).digest == action
        }
        chains[id.index]?.found(meant?.0)
        put(meant?.1 ?? chain.first, id)
    }

    /// What an alternative does, though its program may be gone: what it made while that was there is found.
    private func work(of alternative: Alternative) -> Alternative.Work? {
        let answers = alternative.programs.map { ($0, knowledge.versions[$0]?.line ?? knowledge.lastVersion(of: $0)) }
        return try? alternative.work(Dictionary(answers) { first, _ in first })
    }

    private func put(_ step: Step, _ id: StepID) {
        planner.replace(id, by: step)
        schedule.restart(id)
    }

    private enum Answers {
        case known([Program: String])
        case missing(Diagnostic)
        case asked
    }

    /// What the programs of alternatives have answered; asks those that have not.
    private func answers(of alternatives: [Alternative]) -> Answers {
        let programs = Set(alternatives.flatMap(\.programs))
        let unknown = programs.filter { knowledge.versions[$0] == nil && knowledge.missing[$0] == nil }
        guard unknown.isEmpty else {
            questions.formUnion(unknown)
            return .asked
        }
        if let problem = programs.lazy.compactMap({ self.knowledge.missing[$0] }).first { return .missing(problem) }
        return .known(knowledge.versions.filter { programs.contains($0.key) }.mapValues(\.line))
    }

    // MARK: what came of it

    /// What a draft has in place of something that could not be had, in the order of the plan.
    var standIns: [StandIn] {
        chains.sorted { $0.key < $1.key }.compactMap { index, chain in
            guard let what = chain.alternative, what.isPlaceholder, case .finished(.succeeded) = schedule.states[index] else { return nil }
            return chain.failures.first.map { StandIn(site: planner.steps[index].site, what: what.name, reason: $0.problem) }
        }
    }

    /// The records of fallbacks that serve, by their addresses.
    /// - Parameter isNew: only of those that have come to serve in this pass.
    func servingRecords(isNew: Bool = false) -> [(ActionDigest, ActionResult)] {
        chains.sorted { $0.key < $1.key }.compactMap { index, chain in
            guard chain.isServedByFallback, !isNew || chain.isToBeRecorded, let address = addresses[index], let result = results[index]
            else { return nil }
            let record = ServingRecord(first: chain.address.digest, served: address.digest, servedBy: result.servedBy)
            return (record.address, record.result)
        }
    }
}
