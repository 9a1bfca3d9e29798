public import EpCore
public import EpPlan

/// `episode.lock`: what people decided about an episode, for every machine. Committed with the episode.
///
/// Takes stand under the action's take-free digest, so a take belongs to the content and not to a position;
/// a gate's decisions stand under the digest of the artifact, so they hold for just that artifact.
public struct EpisodeLock: Equatable, Sendable {
    public struct TakeEntry: Equatable, Sendable {
        /// The take in use.
        public var take: Take
        /// The highest take that was ever asked for.
        public var latest: Take
        /// Which target it was when the take was asked for: for people, never read.
        public var note: String
    }

    /// SHA-256 of the take-free action, in hexadecimal digits → its takes.
    public var takes: [String: TakeEntry] = [:]
    /// Editable file → SHA-256 of it as epbuild wrote it. Two while it is being replaced: either is epbuild's.
    public var files: [Path: [String]] = [:]
    /// Files of editable items, and where the item that each holds was last.
    public var items: [Path: ItemPlace] = [:]
    public var gates: [GateKey: GateRecord] = [:]
    /// Pinned targets, as they were named when they were pinned.
    public var pins: [Target: Pin] = [:]
    /// Items that are left out, as they were named then, and where each was last.
    public var skips: [Target: ItemPlace] = [:]
    /// SHA-256 of the take-free action → whose earlier result stands for what it would make.
    public var accepts: [String: Acceptance] = [:]

    static let fileName = "episode.lock"

    public init() {}

    public func take(of action: ActionDigest) -> Take {
        takes.isEmpty ? .first : takes[action.hex]?.take ?? .first
    }

    /// The lock with other takes in use.
    func trying(_ trial: [ActionDigest: Take]) -> EpisodeLock {
        var lock = self
        for (action, take) in trial {
            lock.takes[action.hex] = TakeEntry(take: take, latest: max(take, lock.takes[action.hex]?.latest ?? .first), note: "")
            lock.accepts[action.hex] = nil
        }
        return lock
    }

    /// The number of the next rejection. Whoever has seen another one has a greater number; of two that did not know of each other,
    /// as they were merged, the time decides.
    var nextOrder: Int64 { (gates.values.map(\.order).max() ?? 0) + 1 }

    /// Rejections of answers to one question, oldest first.
    func rejections(of question: Digest, in stage: StageName) -> [Rejection] {
        gates.filter { $0.key.stage == stage && $0.value.decision == .rejected && $0.value.question == question.hex }
            .sorted { ($0.value.order, $0.value.at, $0.key) < ($1.value.order, $1.value.at, $1.key) }
            .map { Rejection(note: $0.value.note, by: $0.value.by) }
    }
}
