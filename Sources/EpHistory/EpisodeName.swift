public import EpEngine

/// An episode as the history names it: its path relative to the workspace, so that a moved workspace keeps its history.
public struct EpisodeName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// What a show has once is told from the episodes: `workshop (show)`.
    public init(_ place: EpisodePlace) {
        text = Self.path(of: place.directory, in: place.workspace) + (place.isShow ? Self.showMark : "")
    }

    static let showMark = " (show)"

    static func path(of directory: String, in workspace: String) -> String {
        directory == workspace ? "." : String(directory.dropFirst(workspace.count + 1))
    }

    public var description: String { text }
}
