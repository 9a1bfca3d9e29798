import EpCore
import EpFiles
import EpPlan
import Glibc

/// Changes `episode.lock` where a build and a person's commands may do so at once: nobody's decision is lost.
final class LockFile {
    let path: String
    private let shown: String
    private let guardPath: String
    /// The lock as this process last saw it.
    private var seen: EpisodeLock
    /// True if somebody else has changed it since it was read.
    private(set) var isChangedElsewhere = false
    /// What this process last wrote.
    private(set) var written: Digest?

    /// - Parameters:
    ///   - seen: the lock as it was read.
    ///   - shown: how the file is shown in messages.
    init(of place: EpisodePlace, seen: EpisodeLock, shown: String) {
        path = "\(place.directory)/\(EpisodeLock.fileName)"
        guardPath = "\(place.stateDirectory)/locks"
        self.seen = seen
        self.shown = shown
    }

    /// Reads the lock anew, lets `change` change it, and writes it if that changed anything.
    /// - Throws: `Diagnostic` if it cannot be read or written.
    func update(_ change: (inout EpisodeLock) throws -> Void) throws {
        try alone {
            var lock = try Files.read(path).map { try EpisodeLock(parsing: $0, file: shown) } ?? EpisodeLock()
            if lock != seen { isChangedElsewhere = true }
            let before = lock
            try change(&lock)
            seen = lock
            guard lock != before else { return }
            let text = Array(lock.text.utf8)
            try Files.replace(PersonalFile.place(path), with: text, durably: true)
            written = Digest(of: text)
        }
    }

    /// Does something to the file while nobody else changes it.
    func alone(_ body: () throws -> Void) throws {
        try Files.makeDirectory(above: guardPath)
        let descriptor = try StateFile.open(guardPath, O_RDWR)
        defer { close(descriptor) }
        // Held for the time of one small write: to wait for it is to wait for nothing.
        FileLock.take(descriptor)
        defer { FileLock.release(descriptor) }
        try body()
    }
}
