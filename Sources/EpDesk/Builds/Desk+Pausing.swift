public import EpCore
public import EpEngine
import EpFiles
import EpPlan

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

    /// Gives running actions more time than their stages do.
    /// - Throws: `Diagnostic` (usage) if nothing runs in the workspace, or there is no such stage.
    public func extend(_ place: EpisodePlace, _ target: Target, bySeconds seconds: Double) throws {
        guard !RunningBuild.all(in: [place]).isEmpty else {
            throw Diagnostic(.usage, "nothing is being built there", remedy: "raise `timeout_seconds` of the stage for builds to come")
        }
        let stages = try builder.graph(place).stages.map(\.name.text)
        guard stages.contains(target.stage.text) else {
            throw Diagnostic(.usage, "there is no stage \"\(target.stage)\"", remedy: Suggestion.remedy(for: target.stage.text, in: stages))
        }
        try TimeoutExtensions(of: place).add(seconds, to: target, of: place, at: surroundings.clock.now())
    }

    /// One a workspace.
    private static func pauses(of places: [EpisodePlace]) -> [PauseFile] {
        var seen: Set<String> = []
        return places.map(PauseFile.init).filter { seen.insert($0.path).inserted }
    }
}
