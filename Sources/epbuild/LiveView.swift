import EpCore
import EpEngine
import Glibc

/// A calm picture of a running build: a bar for each stage, what is running, and the time left.
/// Redrawn in place at most ten times a second, and taken away when the build ends.
final class LiveView: BuildObserver {
    private struct Stage {
        let name: StageName
        var total: Int
        var finished = 0
        var executed = 0
        var seconds = 0.0
    }

    private var stages: [Stage] = []
    private var running: [(target: Target, step: String)] = []
    private var drawnLines = 0
    private var drawnAt = 0.0
    private let start = Clock.now()
    private let isUnicode = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(Setting.variable).first.map { $0.uppercased().contains("UTF") } ?? false

    func observe(_ event: BuildEvent) {
        switch event {
        case .started:
            (stages, running) = ([], [])
        case .planned(let planned):
            stages = planned.map { stage, steps, _ in
                var known = stages.first { $0.name == stage } ?? Stage(name: stage, total: steps)
                known.total = steps
                return known
            }
        case .actionStarted(let target, let step, _): running.append((target, step))
        case .actionFinished(let end): finished(end)
        case .actionFailed(let target, let step, _): running.removeAll { $0.target == target && $0.step == step }
        case .actionStoodIn(let standIn): running.removeAll { $0.target == standIn.target && $0.step == standIn.step }
        case .cacheHealed(let problem), .warning(let problem):
            clear()
            Console.report(problem)
        case .passRepeated(let reason):
            clear()
            Console.say("once more: \(reason)")
            (stages, running) = ([], [])
        case .finished: return clear()
        default: break
        }
        draw()
    }

    private func finished(_ end: BuildEvent.StepEnd) {
        running.removeAll { $0.target == end.target && $0.step == end.step }
        guard let index = stages.firstIndex(where: { $0.name == end.target.stage }) else { return }
        stages[index].finished += 1
        guard end.origin == .executed else { return }
        stages[index].executed += 1
        stages[index].seconds += end.result.duration.seconds
    }

    private func clear() {
        guard drawnLines > 0 else { return }
        Console.draw("\u{1B}[\(drawnLines)A\u{1B}[J")
        drawnLines = 0
    }

    private func draw() {
        let now = Clock.now()
        // What is over within a moment needs no picture.
        guard now - start > 0.25, now - drawnAt > 0.1 else { return }
        drawnAt = now
        let width = Self.width
        let lines = picture.map { String($0.prefix(width - 1)) }
        let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
        Console.draw(up + "\u{1B}[J" + lines.map { $0 + "\n" }.joined())
        drawnLines = lines.count
    }

    private var picture: [String] {
        let active = stages.filter { $0.finished < $0.total || $0.executed > 0 }
        let width = active.map(\.name.text.count).max() ?? 0
        let bars = active.map { stage in
            let name = stage.name.text + String(repeating: " ", count: width - stage.name.text.count)
            return "  \(name)  \(bar(stage.finished, of: stage.total))  \(stage.finished)/\(stage.total)"
        }
        let now = running.prefix(3).map { $0.step.isEmpty ? "\($0.target)" : "\($0.target) (\($0.step))" }.joined(separator: ", ")
        return bars + ["  \(timeLeft)\(now)"]
    }

    private func bar(_ count: Int, of total: Int) -> String {
        let cells = 20
        let full = total == 0 ? cells : count * cells / total
        let (mark, rest) = isUnicode ? ("█", "░") : ("#", ".")
        return String(repeating: mark, count: full) + String(repeating: rest, count: cells - full)
    }

    /// From the mean duration of what each stage has executed so far, two steps at once.
    private var timeLeft: String {
        let left = stages.reduce(0.0) { sum, stage in
            stage.executed == 0 ? sum : sum + stage.seconds / Double(stage.executed) * Double(stage.total - stage.finished)
        } / Double(max(1, running.count))
        return left < 1 ? "" : "about \(Int(left.rounded(.up))) s left · "
    }

    private static var width: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }
}
