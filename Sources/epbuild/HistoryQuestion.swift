import EpComposition
import EpCore
import EpEngine
import EpFiles
import EpHistory

/// What the paths of a command line ask of histories: one question a workspace, with the part of it that is asked about.
struct HistoryQuestion {
    /// Each with a place in its workspace.
    let parts: [(place: EpisodePlace, scope: HistoryScope)]

    /// - Throws: `Diagnostic` if a path is no episode, show or workspace.
    init(_ paths: [String], _ composition: Composition) throws {
        let paths = paths.isEmpty ? [try Words.here(composition.setting.directory)] : paths
        var order: [EpisodePlace] = []
        var asked: [String: [String]] = [:]
        for path in paths {
            for place in try composition.episodes([path]) {
                if asked[place.workspace] == nil { order.append(place) }
                let whole = path.hasPrefix("/") ? path : "\(composition.setting.directory)/\(path)"
                let absolute = Files.resolved(whole) ?? whole
                if asked[place.workspace]?.contains(absolute) != true { asked[place.workspace, default: []].append(absolute) }
            }
        }
        parts = order.map { place in
            (place, HistoryScope(asked[place.workspace] ?? [], workspace: place.workspace))
        }
    }
}
