public import EpEngine

/// How far several builds are that go on beside each other, as one. A value that events change.
public struct BatchProgress: Sendable {
    /// In the order in which they began.
    private var builds: [(id: BuildID, progress: BuildProgress, isOver: Bool)] = []
    /// How many there will be in all.
    private let count: Int

    public init(count: Int = 1) { self.count = count }

    /// True if one has begun and not ended.
    public var isRunning: Bool { builds.contains { !$0.isOver } }

    /// - Parameters:
    ///   - episode: how it is shown to a person.
    ///   - now: seconds since the beginning.
    public mutating func observe(_ event: BuildEvent, of episode: String, at now: Double) {
        if case .started = event.kind { builds.append((event.build, BuildProgress(), false)) }
        guard let index = builds.firstIndex(where: { $0.id == event.build }) else { return }
        builds[index].progress.observe(event.kind, of: episode, at: now)
        if case .finished = event.kind { builds[index].isOver = true }
    }

    /// The one that goes on, if there is no other; else all that have begun, added up.
    public var shown: BuildProgress {
        if count < 2 { return builds.last?.progress ?? BuildProgress() }
        return BuildProgress(
            of: builds.map(\.progress), called: "\(builds.count(where: \.isOver)) of \(count) built", isWhole: builds.count >= count)
    }
}
