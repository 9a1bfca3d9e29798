public import EpCore
import EpFiles
import Glibc

/// A file that pauses all builds of a workspace while it stands: `.epbuild/pause`.
public struct PauseFile: Sendable {
    /// Absolute path.
    public let path: String

    public init(of place: EpisodePlace) { path = "\(place.stateDirectory)/pause" }

    public var isOn: Bool { FileStatus(path) != nil }

    /// - Parameter note: who has asked for it, for whoever reads the file.
    /// - Returns: false if it stood before.
    public func begin(_ note: String) throws(Diagnostic) -> Bool {
        if isOn { return false }
        try Files.makeDirectory(above: path)
        try Files.replace(path, with: Array("\(note)\n".utf8), durably: true)
        return true
    }

    /// - Returns: false if there was none.
    public func end() throws(Diagnostic) -> Bool {
        guard isOn else { return false }
        guard unlink(path) == 0 else { throw Files.unwritable(path) }
        return true
    }
}
