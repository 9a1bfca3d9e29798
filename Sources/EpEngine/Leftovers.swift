import EpCore
import EpFiles

/// Files that a killed process left beside those that it was about to replace: `.epbuild-PROCESS-NUMBER`.
enum Leftovers {
    /// What is looked at in directories of finished files; a tree that is larger is not searched to its end.
    private static let mostFiles = 5_000

    /// Removes what dead processes left in the directories that a build of this episode writes into.
    static func sweep(_ place: EpisodePlace) {
        var directories: Set<String> = [place.directory, place.stateDirectory]
        for name in ["memo", "trace", "recall", "edits", "told/concept", "told/record"] {
            directories.insert("\(place.stateDirectory)/\(name)")
        }
        // One that cannot be read is the build's to tell of.
        let bytes = (try? Files.read("\(place.directory)/\(EpisodeLock.fileName)")) ?? nil
        let lock = bytes.flatMap { try? EpisodeLock(parsing: $0, file: EpisodeLock.fileName) }
        for file in (lock?.files ?? [:]).keys where !file.parent.isEmpty { directories.insert("\(place.directory)/\(file.parent)") }
        for directory in directories { sweep(directory) }
        var budget = mostFiles
        sweepTree("\(place.directory)/out", &budget)
    }

    private static func sweepTree(_ directory: String, _ budget: inout Int) {
        for name in sweep(directory) {
            budget -= 1
            guard budget > 0 else { return }
            sweepTree("\(directory)/\(name)", &budget)
        }
    }

    /// - Returns: the directories in it.
    @discardableResult
    private static func sweep(_ path: String) -> [String] {
        guard let directory = try? OpenDirectory(RawPath(path), followingLink: false) else { return [] }
        var directories: [String] = []
        while let entry = try? directory.next() {
            let name = entry.name.shown
            if let owner = owner(of: name) {
                directory.remove(entry.name, ofDead: owner)
            } else if entry.kind == .directory {
                directories.append(name)
            }
        }
        return directories
    }

    /// The process that a temporary file is named for; nil for any other name.
    static func owner(of name: String) -> Int32? {
        let parts = Array(name.split(separator: "-", omittingEmptySubsequences: false).suffix(3))
        guard parts.count == 3, "\(parts[0])-".hasSuffix(ReplacementFile.prefix) else { return nil }
        guard let process = Int32(parts[1]), process > 0, UInt64(parts[2], radix: 36) != nil else { return nil }
        return process
    }
}
