import EpCore
import EpScript

/// What stands between two lines of a script, before the first, or after the last.
enum TimelineStop {
    case chapter(title: String)
    case cue(Cue)
    case pause(milliseconds: Int)

    var cue: Cue? { if case .cue(let cue) = self { cue } else { nil } }

    /// What comes before each line, and after the last, in the order of the script. A chapter in which nobody speaks is none.
    static func all(of script: Script) -> [[TimelineStop]] {
        var stops: [[(place: SourceLocation, stop: TimelineStop)]] = Array(repeating: [], count: script.lines.count + 1)
        for chapter in script.chapters where !chapter.lines.isEmpty { stops[chapter.lines.lowerBound].append((chapter.location, .chapter(title: chapter.title))) }
        for cue in script.cues { stops[cue.beforeLine].append((cue.location, .cue(cue))) }
        for direction in script.directions {
            if case .pause(let milliseconds) = direction.kind { stops[direction.line].append((direction.location, .pause(milliseconds: milliseconds))) }
        }
        return stops.map { $0.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }.map(\.stop) }
    }
}
