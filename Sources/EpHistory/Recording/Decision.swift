public import EpFiles

/// Something that a person decided by a command: clean, use, revert, approve, reject, merge, pin, rollback.
public struct Decision: Sendable {
    public let time: Moment
    public let episode: EpisodeName
    /// The command.
    public let verb: String
    /// A target; "" for the whole episode.
    public let target: String
    /// What the person said about it, or what was chosen: "take 2".
    public let note: String?
    /// Who: the name that the person has on that machine.
    public let by: String

    public init(_ verb: String, target: String = "", of episode: EpisodeName, note: String? = nil, by: String, time: Moment = .now) {
        self.time = time
        self.episode = episode
        self.verb = verb
        self.target = target
        self.note = note
        self.by = by
    }
}
