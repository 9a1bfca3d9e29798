public import EpCore
public import EpEngine
import EpFiles

/// Builds that are to wait.
extension Desk {
    /// Has all builds of the workspaces start nothing until somebody resumes them. What runs is finished and stored.
    /// - Returns: the files that pause them, each with whether it is new.
    public func pause(_ places: [EpisodePlace]) throws(Diagnostic) -> [(file: String, isNew: Bool)] {
        var files: [(String, Bool)] = []
        for pause in Self.pauses(of: places) {
            files.append((pause.path, try pause.begin("paused by \(personName()) at \(surroundings.clock.now().iso8601Seconds)")))
        }
        return files
    }

    /// Takes that back.
    /// - Returns: false if no workspace was paused.
    public func resume(_ places: [EpisodePlace]) throws(Diagnostic) -> Bool {
        var wasPaused = false
        for pause in Self.pauses(of: places) where try pause.end() { wasPaused = true }
        return wasPaused
    }

    /// One a workspace.
    private static func pauses(of places: [EpisodePlace]) -> [PauseFile] {
        var seen: Set<String> = []
        return places.map(PauseFile.init).filter { seen.insert($0.path).inserted }
    }
}
