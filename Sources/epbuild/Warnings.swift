import EpCore
import EpEngine

/// Tells warnings and nothing else: what is doubtful in what a person wrote, for commands that only look.
final class WarningView: BuildObserver {
    private var told: Set<Diagnostic> = []

    func observe(_ event: BuildEvent) {
        if case .warning(let problem) = event, told.insert(problem).inserted { Console.report(problem) }
    }
}

/// A view that tells a warning once, however many episodes of a round it is about.
final class RoundView: BuildView {
    private let view: any BuildView
    private var told: Set<Diagnostic> = []

    init(_ view: any BuildView) { self.view = view }

    func observe(_ event: BuildEvent) {
        if case .warning(let problem) = event, !told.insert(problem).inserted { return }
        view.observe(event)
    }

    func hasTold(_ failure: Diagnostic) -> Bool { view.hasTold(failure) }
    func end() { view.end() }
}

extension Builder {
    /// Tells what is doubtful in what the shows of some episodes have once. What is wrong there ends the round badly.
    func lookAtShows(of places: [EpisodePlace], _ round: inout EpisodeRound, _ observer: any BuildObserver) async {
        var shows: Set<EpisodePlace> = []
        for show in places.map(Discovery.show) where shows.insert(show).inserted {
            do {
                _ = try await overview(show, observer: observer)
            } catch {
                round.note(Trouble(error))
            }
        }
    }
}
