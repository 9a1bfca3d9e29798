public import EpCore
public import EpFiles
import EpPlan
import Glibc

/// Time that people give to running actions beyond their limit, from outside: lines of `.epbuild/extensions`.
///
/// An action whose time is over looks for what was given since it began; so nobody watches the file.
public struct TimeoutExtensions: Sendable {
    private let path: String

    public init(of place: EpisodePlace) { path = "\(place.stateDirectory)/extensions" }

    /// - Parameters:
    ///   - episode: as `EpisodePlace` names its state.
    ///   - target: a stage, an item of it, or all items at some coordinates.
    public func add(_ seconds: Double, to target: Target, of place: EpisodePlace, at now: Moment) throws(Diagnostic) {
        let line: Value = [
            "at": .string(now.iso8601), "episode": .string(place.stateName), "target": .string(target.description),
            "seconds": .double(seconds),
        ]
        try Files.makeDirectory(above: path)
        do throws(FileError) {
            // What is older than a day was for an action that has ended.
            let mode = FileStatus(path).map { now.seconds - Double($0.modified) / 1_000_000_000 > 86_400 } ?? false ? O_TRUNC : O_APPEND
            try OpenFile(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | mode, mode: 0o644).write(Array((line.json() + "\n").utf8))
        } catch {
            throw Files.unwritable(path, error.system)
        }
    }

    /// What an action was given since it began, in seconds.
    func seconds(for target: Target, of place: EpisodePlace, since start: Moment) -> Double {
        guard let bytes = (try? Files.read(path)) ?? nil else { return 0 }
        return bytes.split(separator: UInt8(ascii: "\n")).reduce(0) { sum, line in
            guard let value = try? Node(parsing: Array(line), file: "extensions").value, value["episode"]?.string == place.stateName,
                let named = value["target"]?.string, Path(target.description).isOrLies(below: named),
                let at = value["at"]?.string.flatMap(Moment.init(iso8601:)), !(at < start), let seconds = value["seconds"]?.number
            else { return sum }
            return sum + seconds
        }
    }
}
