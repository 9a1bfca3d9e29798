import EpCore
import EpPlan

/// Steps of one plan that are the same action: one of them is done, and the others take what comes of it.
struct Twins {
    /// By the first word of its digest, who does an action: all of a first build are here at once, so that nothing else is kept of each.
    private var doing: [UInt64: UInt32] = [:]
    /// By who does their action: the steps that wait for it.
    private var waiting: [UInt32: [StepID]] = [:]

    /// True if another step does the action already: then this one waits for it. Else this one does it.
    /// - Parameter addresses: of all steps.
    mutating func waits(_ id: StepID, for action: ActionDigest, among addresses: [StepAddress?]) -> Bool {
        let word = action.digest.firstWord
        guard let other = doing[word], addresses[Int(other)]?.digest == action else {
            doing[word] = UInt32(id.index)
            return false
        }
        waiting[other, default: []].append(id)
        return true
    }

    /// The action has come to its end.
    /// - Returns: the steps that have waited for this one to do it, in the order in which they came.
    mutating func end(_ action: ActionDigest, by id: StepID) -> [StepID] {
        let number = UInt32(id.index)
        guard doing[action.digest.firstWord] == number else { return [] }
        doing[action.digest.firstWord] = nil
        return waiting.removeValue(forKey: number) ?? []
    }
}

extension BuildPass {
    /// For every step the first one that is the same action: itself, for most. Of steps whose inputs are not known yet, those
    /// are the same that do the same with the same.
    func firstTwins() -> [Int] {
        var first: [ActionDigest: Int] = [:]
        var twins: [Int] = []
        twins.reserveCapacity(planner.steps.count)
        for index in planner.steps.indices {
            let action = addresses[index]?.digest ?? address(of: StepID(index), amongUnknown: twins)
            let twin = action.flatMap { first[$0] } ?? index
            twins.append(twin)
            if let action { first[action] = twin }
        }
        return twins
    }

    /// An address that only the same step with the same inputs has. What the outputs of a step will be has a name until then:
    /// that of the first step which is the same.
    private func address(of id: StepID, amongUnknown twins: [Int]) -> ActionDigest? {
        StepWorker.firstTake(of: resolve(id) { upstream, path in Digest(of: Array("\(twins[upstream.index]) \(path)".utf8)) })?.digest
    }
}
