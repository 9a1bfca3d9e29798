import EpCore
import EpEngine
import Synchronization

/// Tells a person of a problem once, however many episodes of a round meet it.
final class ToldOnce: Sendable {
    private let told = Mutex<Set<Diagnostic>>([])

    /// - Returns: true if it was not told before.
    @discardableResult
    func tell(_ problem: Diagnostic) -> Bool {
        let isNew = told.withLock { $0.insert(problem).inserted }
        if isNew { Console.report(problem) }
        return isNew
    }
}

extension Builder {
    /// Tells what is doubtful in what the shows of some episodes have once. What is wrong there ends the round badly.
    func lookAtShows(of places: [EpisodePlace], _ round: inout EpisodeRound) async {
        var shows: Set<EpisodePlace> = []
        for show in places.map(Discovery.show) where shows.insert(show).inserted {
            do {
                _ = try await overview(show) { [told = round.told] in told.tell($0) }
            } catch {
                round.note(Trouble(error))
            }
        }
    }
}
