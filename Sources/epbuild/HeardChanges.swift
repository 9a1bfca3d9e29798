import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpPlan
import Synchronization

/// Where in an episode a build's new lines are heard.
final class HeardChanges: BuildObserver, Sendable {
    /// More than so many are no edit that a person listens to line by line.
    private static let most = 8

    private let made = Mutex<Set<Target>>([])
    /// Whether anything was mixed: what was not is heard nowhere, and nobody has to look where it stands.
    private let isMixed = Atomic(false)

    static func minds(_ kind: BuildEvent.Kind) -> Bool {
        if case .actionFinished(let end) = kind { end.origin == .executed } else { false }
    }

    func observe(_ event: BuildEvent) {
        guard case .actionFinished(let end) = event.kind, end.origin == .executed else { return }
        if end.tool == ToolName("mix") { isMixed.store(true, ordering: .relaxed) }
        guard end.target.item != nil else { return }
        made.withLock { made in if made.count <= Self.most * 8 { made.insert(end.target) } }
    }

    /// A line for each; none if nothing or very much is new.
    func lines(_ desk: Desk, _ place: EpisodePlace, _ composition: Composition) async -> [String] {
        let made = made.withLock { $0 }
        guard isMixed.load(ordering: .relaxed), !made.isEmpty, made.count <= Self.most * 8,
            let inspection = try? await desk.builder.inspect(place),
            let lines = try? desk.lines(of: inspection)
        else { return [] }
        let heard = lines.filter { made.contains($0.target) && $0.time != nil }
        guard heard.count <= Self.most else { return [] }
        return heard.compactMap { line in
            guard let time = line.time else { return nil }
            let span = "\(ClockTime.text(time.lowerBound))–\(ClockTime.text(time.upperBound))"
            let place = line.title.place.map { " (\(EpisodeFile.shown($0, in: place, composition.setting)))" } ?? ""
            return "  new at \(span)  \(line.title.text())\(place)"
        }
    }
}

/// Places in the files of an episode.
enum EpisodeFile {
    /// As the episode's people name it: `script.fountain:57`.
    static func shown(_ location: SourceLocation, in place: EpisodePlace, _ setting: Setting) -> String {
        let file = Path(setting.absolute(location.file)).below(place.directory) ?? location.file
        return SourceLocation(file: file, line: location.line).description
    }
}
