import EpCore
import EpEngine
import EpHistory

/// Puts what a person decides by a command into the workspace's history.
enum Decisions {
    /// - Parameters:
    ///   - verb: the command.
    ///   - target: nil for the whole episode.
    ///   - note: what was chosen, or what the person said about it.
    static func record(_ verb: String, _ target: Target? = nil, of place: EpisodePlace, note: String? = nil, by: String? = nil) {
        History(stateDirectory: place.stateDirectory) { Console.report($0) }
            .record(Decision(verb, target: target?.description ?? "", of: EpisodeName(place), note: note, by: by ?? Setting.userName))
    }
}
