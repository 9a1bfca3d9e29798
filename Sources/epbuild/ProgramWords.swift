import EpCore
import EpEngine
import EpPlan

/// What programs that succeeded have said on standard error: told when the build is over, in a line a stage.
struct ProgramWords {
    private struct Said {
        let stage: StageName
        let target: Target
        let line: String
        var hiddenLines = 0
        var others = 0
    }

    private var said: [Said] = []

    mutating func observe(_ event: BuildEvent.Kind) {
        switch event {
        case .started: said = []
        case .actionSaid(let site, let lines): note(site.target, lines)
        default: break
        }
    }

    private mutating func note(_ target: Target, _ lines: [String]) {
        guard let last = lines.last else { return }
        if let index = said.firstIndex(where: { $0.stage == target.stage }) {
            said[index].others += 1
        } else {
            said.append(Said(stage: target.stage, target: target, line: last, hiddenLines: lines.count - 1))
        }
    }

    /// The last line of the first that spoke, and how much more there is.
    var lines: [String] {
        let lines = said.map { said in
            let more = [(said.hiddenLines, "line"), (said.others, "item")].filter { $0.0 > 0 }.map { "\(Number.of($0, "more \($1)"))" }
            return "\(said.target) says: \(said.line)" + (more.isEmpty ? "" : " (\(more.joined(separator: ", ")))")
        }
        let isWhole = said.allSatisfy { $0.hiddenLines == 0 && $0.others == 0 }
        return lines + (isWhole ? [] : ["  all that programs say stands in .epbuild/events/"])
    }
}
