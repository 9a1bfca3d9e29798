import EpCore
import Glibc

/// Files that a killed process left beside those that it was about to replace: `.epbuild-PROCESS-NUMBER`.
enum Leftovers {
    /// What is looked at in directories of finished files; a tree that is larger is not searched to its end.
    private static let mostFiles = 5_000

    /// Removes what dead processes left in the directories that a build of this episode writes into.
    static func sweep(_ place: EpisodePlace) {
        var directories: Set<String> = [place.directory, place.stateDirectory]
        for name in ["memo", "trace", "edits", "told/concept", "told/record"] { directories.insert("\(place.stateDirectory)/\(name)") }
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
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { return [] }
        guard let stream = fdopendir(directory) else {
            close(directory)
            return []
        }
        defer { closedir(stream) }
        var directories: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if let owner = owner(of: name) {
                remove(name, of: owner, in: directory)
            } else if Int32(entry.pointee.d_type) == DT_DIR, name != ".", name != ".." {
                directories.append(name)
            }
        }
        return directories
    }

    /// The process that a temporary file is named for; nil for any other name.
    static func owner(of name: String) -> pid_t? {
        guard let mark = name.ranges(of: Files.temporaryPrefix).last else { return nil }
        let parts = name[mark.upperBound...].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let process = pid_t(parts[0]), process > 0, UInt64(parts[1], radix: 36) != nil else { return nil }
        return process
    }

    /// Goes only if its process is dead, and nobody holds it: on another machine, or in another container, there may be a living one of that number.
    private static func remove(_ name: String, of owner: pid_t, in directory: Int32) {
        guard kill(owner, 0) != 0, errno == ESRCH else { return }
        let file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return }
        unlinkat(directory, name, 0)
    }
}
