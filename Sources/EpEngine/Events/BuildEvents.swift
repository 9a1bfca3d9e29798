public import EpCore
import EpFiles
import Synchronization

/// The one way for what happens in a build, or in a look at one: gives every event its number and hands it on.
///
/// May be told from any task or thread. A warning is handed on once: a build that goes through its plan again meets it again.
public final class BuildEvents: Sendable {
    private struct State {
        var sequence = 0
        var warnings: [Diagnostic] = []
        var known: Set<Diagnostic> = []
        /// While somebody tells many at once: those that are not handed on yet.
        var held: [BuildEvent]?
    }

    public let build: BuildID
    private let episode: String
    private let clock: WallClock
    private let receive: @Sendable ([BuildEvent]) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - place: what the build is about.
    ///   - receive: is given the events, one after the other, by whoever tells them. It must not block.
    convenience init(of place: EpisodePlace, _ surroundings: Surroundings, receive: @escaping @Sendable (BuildEvent) -> Void) {
        self.init(place, surroundings) { $0.forEach(receive) }
    }

    private init(_ place: EpisodePlace, _ surroundings: Surroundings, receive: @escaping @Sendable ([BuildEvent]) -> Void) {
        build = BuildID(surroundings)
        episode = place.directory
        clock = surroundings.clock
        self.receive = receive
    }

    /// What readers are told, each on a thread of its own.
    public convenience init(of place: EpisodePlace, _ surroundings: Surroundings, readings: [BuildReading]) {
        self.init(place, surroundings) { events in readings.forEach { $0.add(events) } }
    }

    /// - Returns: the number of the event; of a warning that was told before, that of the last event.
    @discardableResult
    public func tell(_ kind: BuildEvent.Kind) -> Int {
        state.withLock { state in
            if case .warning(let problem) = kind {
                guard state.known.insert(problem).inserted else { return state.sequence }
                state.warnings.append(problem)
            }
            state.sequence += 1
            let event = BuildEvent(build: build, sequence: state.sequence, time: clock.now(), episode: episode, kind: kind)
            if state.held?.append(event) == nil { receive([event]) }
            return state.sequence
        }
    }

    /// Hands on together what is told meanwhile, by anybody: of many small events, waking the readers costs more than all else.
    func together(_ body: () -> Void) {
        state.withLock { $0.held = [] }
        body()
        state.withLock { state in
            if let held = state.held, !held.isEmpty { receive(held) }
            state.held = nil
        }
    }

    /// The warnings so far, in the order in which they came.
    public var warnings: [Diagnostic] { state.withLock(\.warnings) }
}
