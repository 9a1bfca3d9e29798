import EpCore
import EpEngine
import EpFiles
import EpHistory

/// What a person has done, as the history names it: the command's name.
enum Verb: String {
    case approve, reject, clean, use, pin, unpin, skip, unskip, accept, unaccept, revert, merge, rollback, edit
}

extension Desk {
    /// Puts a decision on record. That it cannot be written is a warning: what was decided holds.
    /// - Parameters:
    ///   - target: nil for the whole episode.
    ///   - note: what was chosen, or what the person said about it.
    ///   - name: who decided, if that is not the desk's person.
    func record(_ verb: Verb, _ target: Target? = nil, of place: EpisodePlace, note: String? = nil, by name: String? = nil) {
        history(of: place).record(
            Decision(
                verb.rawValue, target: target?.description ?? "", of: EpisodeName(place), note: note, by: name ?? personName(),
                time: surroundings.clock.now()))
    }
}
