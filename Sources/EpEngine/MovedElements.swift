import EpCore
import EpPlan

/// Tells an element that is new from one that was changed: traces are kept by position, and what stood at a position may only have moved
/// on.
final class MovedElements {
    private let pass: BuildPass
    /// The inputs of what is up to date, by the stage and the step's name in its item; made when first asked for.
    private var standing: [String: Set<Signature>] = [:]

    private struct Signature: Hashable {
        private let inputs: [Path: Digest]

        /// What explains an input is none itself.
        init(_ inputs: [Trace.Input]) {
            self.inputs = Dictionary(inputs.filter { !$0.isReason }.map { (Path($0.label), $0.digest) }) { first, _ in first }
        }
    }

    init(_ pass: BuildPass) { self.pass = pass }

    /// True if what an item's step was made from the last time is what another item's is made from now.
    func has(_ inputs: [Trace.Input], of step: Step) -> Bool {
        guard step.target.item != nil else { return false }
        let key = "\(step.target.stage)/\(step.name)"
        if standing[key] == nil { standing[key] = signatures(like: step) }
        return standing[key]?.contains(Signature(inputs)) == true
    }

    private func signatures(like step: Step) -> Set<Signature> {
        let steps = pass.planner.steps
        return Set(
            steps.indices.compactMap { index in
                guard pass.results[index] != nil, steps[index].target.stage == step.target.stage, steps[index].name == step.name else {
                    return nil
                }
                return Signature(pass.inputs(of: index))
            })
    }
}
