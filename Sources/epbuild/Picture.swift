import EpCore
import EpDesk
import EpEngine

/// What a running build looks like: progress in, lines out. It fits the terminal, whatever its size; no line reaches the last column.
struct Picture {
    struct Terminal: Equatable {
        /// In columns and rows.
        var width = 80
        var height = 24
        var hasColour = false
        var isUnicode = true
    }

    /// A line as it is written, and how many columns that takes.
    struct Line: Equatable {
        let text: String
        let columns: Int
    }

    let progress: BuildProgress
    let terminal: Terminal
    /// Since the build began.
    let elapsedSeconds: Double

    private var width: Int { max(1, terminal.width - 1) }

    var lines: [Line] {
        // The cursor stands in a row of its own.
        let rows = max(1, min(terminal.height - 1, 40))
        let end = rows > 3 ? [now, troubles].compactMap(\.self) : rows > 1 ? [now].compactMap(\.self) : []
        return [headline] + stages(rows: rows - 1 - end.count) + end
    }

    // MARK: its parts

    private var headline: Line {
        var facts = [Self.time(elapsedSeconds)]
        if let estimate = progress.estimate(at: elapsedSeconds), estimate.secondsLeft >= 1 {
            facts.append("\(estimate.isLowerBound ? "more than" : "about") \(Self.roundTime(estimate.secondsLeft)) left")
            if !estimate.isLowerBound { facts.insert("\(estimate.percent) %", at: 0) }
        }
        let dot = terminal.isUnicode ? " · " : " - "
        let tail = dot + facts.joined(separator: dot)
        let name = printable(progress.episode).fittedFromEnd(to: max(8, width - tail.columns), isUnicode: terminal.isUnicode)
        return line([(name, .bold), (tail, nil)])
    }

    /// What runs now: as many targets as fit.
    private var now: Line? {
        guard !progress.running.isEmpty else { return nil }
        let names = progress.running.map { printable($0.step.isEmpty ? "\($0.target)" : "\($0.target) (\($0.step))") }
        let more = { (count: Int) in count > 0 ? " and \(count) more" : "" }
        var (text, told) = ("  " + (names.first ?? ""), 1)
        for name in names.dropFirst() {
            guard "\(text), \(name)\(more(names.count - told - 1))".columns <= width else { break }
            (text, told) = ("\(text), \(name)", told + 1)
        }
        let end = more(names.count - told)
        text = text.fitted(to: max(0, width - end.columns), isUnicode: terminal.isUnicode) + end
        return line([(text, .faint)])
    }

    private var troubles: Line? {
        var parts: [(String, Console.Style?)] = []
        if progress.failed > 0 { parts.append(("\(progress.failed) failed", .red)) }
        if progress.cost != .zero { parts.append(("cost \(progress.cost.shown)", nil)) }
        guard !parts.isEmpty else { return nil }
        let dot: (String, Console.Style?) = (terminal.isUnicode ? " · " : " - ", nil)
        return line([("  ", nil)] + parts.flatMap { [dot, $0] }.dropFirst())
    }

    /// A line for each stage that has something to do; when there are too many, those that are done share one, then those that wait.
    private func stages(rows: Int) -> [Line] {
        let shown = progress.stages.filter { $0.left > 0 || $0.executed > 0 || $0.failed > 0 }
        guard shown.count > rows else { return bars(shown) }
        guard rows > 0 else { return [] }
        let done = shown.filter(\.isDone)
        let active = shown.filter { !$0.isDone }
        let doneLine =
            done.isEmpty || rows < 3 ? [] : [line([("  \(terminal.isUnicode ? "✓" : "+") \(Self.stages(done.count)) done", .faint)])]
        if active.count + doneLine.count <= rows { return doneLine + bars(active) }
        let running = Set(progress.running.map(\.target.stage))
        let first =
            active.filter { running.contains($0.name) || $0.failed > 0 } + active.filter { !running.contains($0.name) && $0.failed == 0 }
        let space = rows > 1 ? rows - 1 - doneLine.count : 1
        let kept = Set(first.prefix(space).map(\.name))
        let rest = rows > 1 ? [line([("  and \(Self.stages(active.count - kept.count)) more", .faint)])] : []
        return doneLine + bars(active.filter { kept.contains($0.name) }) + rest
    }

    private func bars(_ stages: [BuildProgress.Stage]) -> [Line] {
        let counts = stages.map { "\($0.finished)/\($0.total)\($0.isComplete ? "" : "+")" }
        let countWidth = counts.map(\.columns).max() ?? 0
        let names = stages.map { printable($0.name.text) }
        let nameWidth = min(names.map(\.columns).max() ?? 0, max(4, width - 4 - countWidth - 8))
        let cells = min(30, width - 2 - nameWidth - 2 - 2 - countWidth)
        return zip(stages, zip(names, counts)).map { stage, texts in
            let name = texts.0.fitted(to: nameWidth, isUnicode: terminal.isUnicode).padded(to: nameWidth)
            let bar = cells < 4 ? [] : bar(stage, cells) + [("  ", nil)]
            return line([("  \(name)  ", stage.failed > 0 ? .red : nil)] + bar + [(texts.1, nil)])
        }
    }

    private func bar(_ stage: BuildProgress.Stage, _ cells: Int) -> [(String, Console.Style?)] {
        let full = stage.total == 0 ? cells : min(cells, stage.finished * cells / stage.total)
        // One that has failed is seen, however many there are.
        let failed = stage.failed == 0 ? 0 : min(cells - full, max(1, stage.failed * cells / max(1, stage.total)))
        let (done, wrong, open) = terminal.isUnicode ? ("█", "×", "░") : ("#", "x", ".")
        let parts: [(String, Int, Console.Style?)] = [(done, full, .green), (wrong, failed, .red), (open, cells - full - failed, .faint)]
        return parts.filter { $0.1 > 0 }.map { (String(repeating: $0.0, count: $0.1), $0.2) }
    }

    // MARK: texts

    private func printable(_ text: String) -> String { text.printable(isUnicode: terminal.isUnicode) }

    private static func stages(_ count: Int) -> String { count == 1 ? "1 stage" : "\(count) stages" }

    /// Puts parts together as far as they fit.
    private func line(_ parts: [(text: String, style: Console.Style?)]) -> Line {
        var (text, used) = ("", 0)
        for part in parts where used < width {
            let fitted = part.text.fitted(to: width - used, isUnicode: terminal.isUnicode)
            used += fitted.columns
            text += terminal.hasColour ? part.style?.apply(fitted) ?? fitted : fitted
        }
        return Line(text: text, columns: used)
    }

    /// `12 s`, `3:05`, `1:02:03`.
    private static func time(_ seconds: Double) -> String {
        let all = Int(seconds)
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        if all < 60 { return "\(all) s" }
        return all < 3600 ? "\(all / 60):\(two(all % 60))" : "\(all / 3600):\(two(all / 60 % 60)):\(two(all % 60))"
    }

    /// As exact as an estimate is.
    private static func roundTime(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: "\(Int(seconds.rounded(.up))) s"
        case ..<56: "\(Int((seconds / 5).rounded(.up)) * 5) s"
        case ..<3570: "\(Int((seconds / 60).rounded(.up))) min"
        default: "\((seconds / 360).rounded(.up) / 10) h"
        }
    }
}
