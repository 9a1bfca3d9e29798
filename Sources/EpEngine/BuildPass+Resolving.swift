import EpCore
import EpPlan

/// Steps, and what their inputs are by now.
extension BuildPass {
    /// Takes in what the planner has added.
    func addSteps() {
        reserve(planner.steps.count)
        for step in planner.steps[results.count...] {
            results.append(nil)
            origins.append(nil)
            addresses.append(nil)
            schedule.add(dependencies: step.dependencies)
        }
    }

    /// Makes room for many steps at once, as doubling what there is would leave much of it unused.
    private func reserve(_ count: Int) {
        guard count > results.count + results.count / 4 else { return }
        results.reserveCapacity(count)
        origins.reserveCapacity(count)
        addresses.reserveCapacity(count)
        schedule.reserve(count)
    }

    /// A step as it is done now.
    func resolve(_ id: StepID) -> ResolvedStep {
        var resolved = resolve(id, planner.steps[id.index])
        guard let chain = chains[id.index], chain.isServedByFallback else { return resolved }
        resolved.first = chain.address
        // A draft decides nothing: what it did not pay for is asked of the first provider later.
        resolved.isToBeRecorded = chain.isToBeRecorded && !options.isDraft
        return resolved
    }

    var lock: EpisodeLock { knowledge.lock }

    /// How many actions there are: some steps are the same.
    var addressCount: Int { Set(addresses.lazy.compactMap { $0?.digest.digest.firstWord }).count }

    func state(of id: StepID) -> Schedule.State { schedule.states[id.index] }

    /// What steps of different inputs have different ones of, but for chance. It costs less than to resolve a step.
    func hint(of id: StepID) -> UInt64 {
        planner.steps[id.index].inputs.reduce(0) { hint, input in
            let word: UInt64 =
                switch input.source {
                case .literal(let bytes): Recall.hint(of: bytes)
                case .file(let file): file.digest.firstWord
                case .output(let upstream, let path): results[upstream.index]?.output(path)?.digest.firstWord ?? 0
                }
            return hint &* 31 ^ word
        }
    }

    /// A step as it was planned, whoever serves.
    func resolveFirst(_ id: StepID) -> ResolvedStep { resolve(id, firstStep(id)) }

    func firstStep(_ id: StepID) -> Step { chains[id.index]?.first ?? planner.steps[id.index] }

    func resolve(_ id: StepID, _ step: Step) -> ResolvedStep {
        resolve(id, step) { _, path in preconditionFailure("\(step.target) reads \(path), which its upstream step does not declare") }
    }

    /// - Parameter unknown: what stands for an output that is not there yet.
    func resolve(_ id: StepID, orElse unknown: (StepID, String) -> Digest) -> ResolvedStep {
        resolve(id, planner.steps[id.index], orElse: unknown)
    }

    private func resolve(_ id: StepID, _ step: Step, orElse unknown: (StepID, String) -> Digest) -> ResolvedStep {
        var executables: Set<String> = []
        let inputs = step.inputs.map { input -> Digest in
            switch input.source {
            case .literal(let bytes): return Digest(of: bytes)
            case .file(let file): return file.digest
            case .output(let upstream, let path):
                guard let output = results[upstream.index]?.output(path) else { return unknown(upstream, path) }
                if output.isExecutable { executables.insert(input.label) }
                return output.digest
            }
        }
        return ResolvedStep(id: id, step: step, inputs: inputs, executables: executables)
    }
}
