import EpCore
import EpFiles
import EpPlan

/// The one door at which a miss becomes a run.
extension BuildPass {
    /// True if a step may run now. If not, it is held: until it may be asked again, or for another build.
    func mayRun(_ id: StepID) -> Bool {
        if let pause = pause() {
            schedule.hold(id)
            (halt, stopped) = (halt ?? pause, max(stopped ?? .pause, .pause))
            return false
        }
        let step = planner.steps[id.index]
        // Nothing is paid for before it is known what all of it may cost.
        if isLookingUp, step.call?.isPaid == true {
            schedule.hold(id)
            early.append(id)
            return false
        }
        let answer = spending.ask(id, step.call)
        if answer == .go {
            mustForewarn = true
            if !isLookingUp { forewarn() }
            return true
        }
        schedule.hold(id)
        switch answer {
        case .go, .wait: break
        case .askLedger: if ledger == .unasked { ledger = .due }
        case .refused(.unpriced): fail(id, StepFailure(spending.words(for: .unpriced, of: step)), attempts: 0)
        case .refused(let refusal): halt = halt ?? spending.words(for: refusal, of: step)
        }
        return false
    }

    /// What a step that ran has cost; those that waited for that ask again.
    func settle(_ id: StepID, _ end: StepWorker.End) {
        tellOfExcess(id, end)
        switch end {
        case .stored(let result, let origin, _, _): spending.settle(id, cost: origin == .executed ? result.cost : .zero, isLost: false)
        case .failed(let failure): spending.settle(id, cost: failure.cost, isLost: true)
        case .damaged, .withdrawn, .notElsewhere, .cancelled: spending.settle(id, cost: .zero, isLost: true)
        }
        askAgain()
    }

    /// A provider that bills more than it can by the limits that it was given makes every budget a guess: that is said.
    private func tellOfExcess(_ id: StepID, _ end: StepWorker.End) {
        let cost: Cost = switch end {
        case .stored(let result, .executed, _, _): result.cost
        case .failed(let failure): failure.cost
        case .stored, .damaged, .withdrawn, .notElsewhere, .cancelled: .zero
        }
        // Who serves in another's place has other limits.
        let step = planner.steps[id.index]
        guard cost.known != .zero, chains[id.index] == nil, let call = step.call, let most = call.atMost, cost.known > most else { return }
        let provider = step.service?.name ?? "its provider"
        events.tell(
            .warning(
                Diagnostic(
                    .providerFailed,
                    "\(step.target): \(provider) has cost \(cost.text), and could cost \(most.text) at most by the limits that it was "
                        + "given",
                    at: step.place,
                    remedy: "compare `prices` with the provider's own, and what it has billed; budgets count what it has cost",
                    severity: .warning)))
    }

    /// Whether a running step may ask its service again, of which the build is told. It counts as another call.
    func mayAskAgain(_ id: StepID, _ retry: Retry) -> Result<Void, any Error> {
        let step = planner.steps[id.index]
        events.tell(.actionRetried(step.site, retry))
        guard let refusal = spending.askAgain(id, step.call, lost: retry.cost) else { return .success(()) }
        let words = spending.words(for: refusal, of: step)
        halt = halt ?? words
        return .failure(StepFailure(words, attempts: retry.attempts))
    }

    /// The ledger has answered. What was spent before must be known where a budget is to be kept.
    func note(_ spent: Result<StepWorker.SpentBefore, Diagnostic>) {
        ledger = .unasked
        switch spent {
        case .success(let before):
            spending.know(episode: before.episode, month: before.month)
            askAgain()
        case .failure(let problem): for id in spending.takeWaiting() { fail(id, StepFailure(problem), attempts: 0) }
        }
    }

    private func askAgain() {
        for id in spending.takeWaiting() { schedule.enqueue(id, in: pool(of: id)) }
    }

    private func pause() -> Diagnostic? {
        guard FileStatus(pauseFile.path) != nil else { return nil }
        return Diagnostic(
            .paused, "the builds of this workspace are paused, as there is a file \(pauseFile.shown)",
            remedy: "`epbuild resume PATH`, or delete that file and run the same command again")
    }
}
