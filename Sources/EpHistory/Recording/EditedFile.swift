import EpEngine
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
        if !place.directory.hasPrefix(place.show) { search.walk(place.directory) }
        return search.newest.map { EpisodeName.path(of: $0.path, in: place.workspace) }
    }

    private init(place: EpisodePlace, after: Moment, before: Moment) {
        (self.place, self.after, self.before) = (place, after, before)
    }

    /// Goes through a directory, but not into other episodes, nor into what epbuild writes.
    private mutating func walk(_ directory: String) {
        guard budget > 0, let handle = opendir(directory) else { return }
        defer { closedir(handle) }
        while budget > 0, let entry = readdir(handle) {
            budget -= 1
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard !name.hasPrefix("."), name != "out", name != "episode.lock" else { continue }
            let path = "\(directory)/\(name)"
            let isDirectory = Int32(entry.pointee.d_type) == DT_DIR
            if !isDirectory { look(path) }
            if isDirectory, path == place.directory || access("\(path)/episode.yaml", F_OK) != 0 { walk(path) }
        }
    }

    private mutating func look(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        let time = Moment(status.st_mtim)
        if time > after, time < before, newest.map({ $0.time < time }) ?? true { newest = (path, time) }
    }
}
