public import EpCore
public import EpEngine
public import EpHistory

/// What a person can ask for: every call acts and records. It reads no command line, prints nothing and ends no program.
///
/// The command line and a server translate: words into calls, and what these answer into lines or JSON. Several
/// desks may be in use at once; a desk has no state.
public struct Desk: Sendable {
    public let builder: Builder
    public let surroundings: Surroundings
    /// Whose decisions these are, unless a call says it. Asked for when something is decided, as it may cost a process.
    let personName: @Sendable () -> String
    /// Who else is told what happens in each build that is no draft.
    let readers: @Sendable (EpisodePlace) -> [BuildReading]
    /// Is told of what goes wrong beside what was asked for: a history that cannot be written fails no decision.
    let warn: @Sendable (Diagnostic) -> Void

    /// - Parameters:
    ///   - personName: who decides; asked for when something is decided.
    ///   - readers: who else is told what happens in each build that is no draft.
    ///   - warn: is told of what goes wrong beside what was asked for. May be called from any thread.
    public init(
        _ builder: Builder, surroundings: Surroundings = .system, personName: @escaping @Sendable () -> String,
        readers: @escaping @Sendable (EpisodePlace) -> [BuildReading] = { _ in [] }, warn: @escaping @Sendable (Diagnostic) -> Void
    ) {
        self.readers = readers
        self.builder = builder
        self.surroundings = surroundings
        self.personName = personName
        self.warn = warn
    }

    /// Puts away what this process needs no longer, as it ends: nothing is asked of this desk any more.
    public func leave() { builder.leave() }

    /// The history of a workspace. Nothing is opened before it is asked.
    public func history(of place: EpisodePlace) -> History { History(stateDirectory: place.stateDirectory, warn: warn) }
}
