import EpCore
import EpEngine
import EpFiles
import Glibc

/// Finds a file of an episode or its show that was changed between two builds: what a person did to make a failure go away.
struct EditedFile {
    private let place: EpisodePlace
    private let after: Moment
    private let before: Moment
    /// Looked at; a tree that is larger is not searched to its end.
    private var budget = 20_000
    private var newest: (path: String, time: Moment)?

    /// The file that was changed last in that time, relative to the workspace; nil if none was.
    static func between(_ after: Moment, _ before: Moment, of place: EpisodePlace) -> String? {
        var search = EditedFile(place: place, after: after, before: before)
        search.look("\(place.workspace)/epbuild.yaml")
        search.walk(place.show)
        if !Path(place.directory).isOrLies(below: place.show) { search.walk(place.directory) }
        return search.newest.map { EpisodeName.path(of: $0.path, in: place.workspace) }
    }

    private init(place: EpisodePlace, after: Moment, before: Moment) {
        (self.place, self.after, self.before) = (place, after, before)
    }

    /// Goes through a directory, but not into other episodes, nor into what epbuild writes.
    private mutating func walk(_ directory: String) {
        guard budget > 0, let entries = try? OpenDirectory(RawPath(directory)) else { return }
        while budget > 0, let entry = try? entries.next() {
            budget -= 1
            guard let name = entry.name.text, !name.hasPrefix("."), name != "out", name != "episode.lock" else { continue }
            let path = "\(directory)/\(name)"
            guard entry.kind == .directory else {
                look(path)
                continue
            }
            if path == place.directory || access("\(path)/episode.yaml", F_OK) != 0 { walk(path) }
        }
    }

    private mutating func look(_ path: String) {
        guard let status = FileStatus(path, followingLink: true) else { return }
        let time = Moment(nanoseconds: status.modified)
        if time > after, time < before, newest.map({ $0.time < time }) ?? true { newest = (path, time) }
    }
}
