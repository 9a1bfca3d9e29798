import EpCore
public import EpEngine
import EpSQLite

/// Which episodes a question is about: everything below some paths of a workspace.
public struct HistoryScope: Sendable {
    /// Relative to the workspace; empty: all.
    private let paths: [String]

    public static let everything = HistoryScope(paths: [])

    /// - Parameter paths: absolute, without symbolic links; one that is not below the workspace means all of it.
    public init(_ paths: [String], workspace: String) {
        let relative = paths.map { Path($0).below(workspace) ?? "." }
        self.paths = relative.contains(".") ? [] : relative
    }

    private init(paths: [String]) { self.paths = paths }

    public init(_ place: EpisodePlace) { paths = [EpisodeName(place).text] }

    /// True for an episode, as the workspace names it, that the question is about.
    func contains(_ name: String) -> Bool { paths.isEmpty || paths.contains { Path(name).isOrLies(below: $0) } }

    /// A condition on a column with an episode's name.
    func condition(_ column: String) -> String {
        guard !paths.isEmpty else { return "1" }
        // "0" follows "/": all names that begin with "path/".
        return "(" + paths.map { _ in "\(column) IN (?, ?) OR (\(column) >= ? AND \(column) < ?)" }.joined(separator: " OR ") + ")"
    }

    var arguments: [SQLiteValue] {
        paths.flatMap { [.text($0), .text($0 + EpisodeName.showMark), .text("\($0)/"), .text("\($0)0")] as [SQLiteValue] }
    }
}
