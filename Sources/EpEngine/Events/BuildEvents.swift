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
    }

    public let build: BuildID
    private let episode: String
    private let clock: WallClock
    private let receive: @Sendable (BuildEvent) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - place: what the build is about.
    ///   - receive: is given the events, one after the other, by whoever tells them. It must not block.
    init(of place: EpisodePlace, _ surroundings: Surroundings, receive: @escaping @Sendable (BuildEvent) -> Void) {
        build = BuildID(surroundings)
        episode = place.directory
        clock = surroundings.clock
        self.receive = receive
    }

    /// What readers are told, each on a thread of its own.
    public convenience init(of place: EpisodePlace, _ surroundings: Surroundings, readings: [BuildReading]) {
        self.init(of: place, surroundings) { event in readings.forEach { $0.add(event) } }
    }

    public func tell(_ kind: BuildEvent.Kind) {
        state.withLock { state in
            if case .warning(let problem) = kind {
                guard state.known.insert(problem).inserted else { return }
                state.warnings.append(problem)
            }
            state.sequence += 1
            receive(BuildEvent(build: build, sequence: state.sequence, time: clock.now(), episode: episode, kind: kind))
        }
    }

    /// The warnings so far, in the order in which they came.
    public var warnings: [Diagnostic] { state.withLock(\.warnings) }
}
