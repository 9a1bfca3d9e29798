import EpComposition
import EpCore
import EpDesk
import EpEngine

/// One episode, some targets, and a desk to ask about them.
struct TargetSession {
    let place: EpisodePlace
    let targets: [Target]
    let desk: Desk
    let composition = Composition()
    var builder: Builder { desk.builder }

    init(
        _ words: some Sequence<String>, needsTarget: Bool, warn: @escaping @Sendable (Diagnostic) -> Void = { Console.report($0) }
    ) async throws {
        let words = Array(words)
        if let first = words.first, let show = Discovery.show(at: first, from: composition.setting.directory) {
            // A show stands for the stages that it has once.
            place = show
            targets = words.dropFirst().map(Target.init(parsing:))
        } else {
            let (places, targets) = try await Words(words).split(composition)
            guard places.count == 1 else {
                throw Diagnostic(.usage, "that stands for \(places.count) episodes", remedy: "name one episode")
            }
            (place, self.targets) = (places[0], targets)
        }
        if needsTarget, targets.isEmpty {
            throw Diagnostic(.usage, "which target?", remedy: "name a stage, STAGE/ITEM, or a line's place such as script.fountain:57")
        }
        desk = try composition.desk(warn: warn)
    }

    /// How the episode is named on a command line.
    var shown: String { composition.setting.shown(place.directory) }

    /// A place in a file as the episode's people name it: relative to the episode.
    func shown(_ location: SourceLocation) -> String { EpisodeFile.shown(location, in: place, composition.setting) }

    /// - Parameter forgiving: what cannot be planned is not known, and no error.
    func inspect(forgiving: Bool = false, warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }) async throws -> Inspection {
        try await builder.inspect(place, forgiving: forgiving, warn: warn)
    }
}
