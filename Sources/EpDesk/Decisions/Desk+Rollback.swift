import EpCore
public import EpEngine
import EpHistory

/// An episode that stands as it was after an earlier build.
public struct RollbackAnswer: Sendable {
    /// The build's number in the workspace.
    public let build: Int64
    public let files: RollbackOutcome
}

/// Going back to an earlier build.
extension Desk {
    /// Puts an episode back as it was after a build. What is replaced is put aside.
    /// - Parameters:
    ///   - number: nil: the build before the last one that differs from it.
    ///   - includingShow: also the files of the show and the workspace, which other episodes are built from.
    /// - Throws: `Diagnostic` (usage) if there is no such build; then nothing has been changed.
    public func rollBack(_ place: EpisodePlace, to number: Int64?, includingShow: Bool) throws -> RollbackAnswer {
        let (build, snapshot) = try number.map { try chosen($0, of: place) } ?? before(place)
        let files = try builder.rollBack(place, to: snapshot, includingShow: includingShow)
        record(.rollback, of: place, note: "to build \(build)")
        return RollbackAnswer(build: build, files: files)
    }

    /// How many actions of an episode have no result that stands, as far as they are known.
    public func dueActions(of place: EpisodePlace) async throws -> Int {
        try await builder.inspect(place, forgiving: true).steps.count { $0.state != .upToDate }
    }

    private func chosen(_ number: Int64, of place: EpisodePlace) throws -> (build: Int64, snapshot: ActionDigest) {
        guard let build = try history(of: place).build(number), build.episode == EpisodeName(place) else {
            throw Diagnostic(.usage, "this episode has no build \(number)", remedy: "`epbuild log` lists its builds")
        }
        guard let snapshot = build.snapshot else {
            throw Diagnostic(
                .usage, "build \(number) did not build the whole episode", remedy: "choose one that did: `epbuild log` lists them")
        }
        return (number, snapshot)
    }

    /// The last whole build if the last of all failed, else the one before it which differs.
    private func before(_ place: EpisodePlace) throws -> (build: Int64, snapshot: ActionDigest) {
        let all = try history(of: place).builds(in: HistoryScope(place))
        let builds = all.compactMap { build in build.snapshot.map { (build.id, $0) } }
        if all.first?.outcome == .failed, let last = builds.first { return last }
        guard let last = builds.first, let earlier = builds.first(where: { $0.1 != last.1 }) else {
            throw Diagnostic(.usage, "there is no earlier build to go back to", remedy: "`epbuild log` lists the builds")
        }
        return earlier
    }
}
