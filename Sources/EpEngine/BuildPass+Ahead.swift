import EpCore
import EpPlan

/// Results that are gone on with before they are stored, where somebody waits for what comes of them: that the program is asked again for
/// its version, and that the disk has all of it, takes longer than some steps.
///
/// Only what has cost nothing is used so. Nobody is told of a result, and none is looked up, before it is stored. Where another result
/// stands in the end, or none, the pass is repeated without that.
extension BuildPass {
    func goAhead(with result: ActionResult, of id: StepID) {
        ahead[id.index] = result
        results[id.index] = result
        schedule.lend(id)
        noteEnded([id])
    }

    /// - Returns: false if what was gone on with is not what stands: the pass comes to nothing then.
    func bears(_ end: StepWorker.End, of id: StepID) -> Bool {
        guard let used = ahead.removeValue(forKey: id.index) else { return true }
        if case .stored(let standing, _, _, _) = end, standing.outputs == used.outputs { return true }
        results[id.index] = nil
        switch end {
        case .damaged, .cancelled: return true
        case .stored, .failed, .withdrawn, .notElsewhere:
            hasGoneTooFar = true
            repeatReason = repeatReason ?? "what \(planner.steps[id.index].target) had made could not be stored as it was"
            return false
        }
    }

    /// What is not stored when the pass ends is no result.
    func forgetAhead() {
        for index in ahead.keys { results[index] = nil }
        ahead = [:]
    }
}
