import EpCore
import EpPlan

/// What the rest of a plan waits for, and when it is worth while to plan on.
///
/// Each item waits for itself. Where very many do, the plan is not gone through for each that need wait no longer, but for some at once.
struct Awaited {
    /// How many outputs each stage or item waits for still.
    private var left: [Int] = []
    /// Who waits for a step, by indices into `left`.
    private var waiting: [StepID: [Int]] = [:]
    private var ready = 0

    init() {}

    init(_ awaited: some Sequence<Dictionary<StepID, String>.Keys>) {
        for steps in awaited {
            for step in steps { waiting[step, default: []].append(left.count) }
            left.append(steps.count)
        }
    }

    var isEmpty: Bool { left.isEmpty }

    /// True if so many need wait no longer that planning on is worth while.
    var isDue: Bool { ready > 0 && ready * 64 >= left.count }

    mutating func note(_ ended: StepID) {
        for index in waiting.removeValue(forKey: ended) ?? [] {
            left[index] -= 1
            if left[index] == 0 { ready += 1 }
        }
    }
}
