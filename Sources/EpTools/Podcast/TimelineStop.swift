import EpCore
import EpScript

/// What stands between two lines of a script, before the first, or after the last.
enum TimelineStop {
    case chapter(title: String)
    case cue(Cue)
    case pause(milliseconds: Int)
    /// A file of the person's.
    case recording(String)

    var cue: Cue? { if case .cue(let cue) = self { cue } else { nil } }

    /// What comes before each line, and after the last, in the order of the script. A chapter in which nothing is said is none.
    static func all(of script: Script) -> [[TimelineStop]] {
        var stops: [[(place: SourceLocation, stop: TimelineStop)]] = Array(repeating: [], count: script.lines.count + 1)
        for (index, chapter) in script.chapters.enumerated()
        where isHeard(chapter, until: script.chapters.dropFirst(index + 1).first, in: script) {
            stops[chapter.lines.lowerBound].append((chapter.location, .chapter(title: chapter.title)))
        }
        for cue in script.cues { stops[cue.beforeLine].append((cue.location, .cue(cue))) }
        for direction in script.directions {
            switch direction.kind {
            case .pause(let milliseconds): stops[direction.line].append((direction.location, .pause(milliseconds: milliseconds)))
            case .recording(let file): stops[direction.line].append((direction.location, .recording(file)))
            case .effect: break
            }
        }
        return stops.map { $0.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }.map(\.stop) }
    }

    /// True if a line or a recording stands in a chapter.
    private static func isHeard(_ chapter: Chapter, until next: Chapter?, in script: Script) -> Bool {
        !chapter.lines.isEmpty
            || script.directions.contains { direction in
                direction.recording != nil && direction.location.line > chapter.location.line
                    && direction.location.line < next?.location.line ?? .max
            }
    }
}
