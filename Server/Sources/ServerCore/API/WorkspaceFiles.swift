import EpFiles

/// The files of a workspace as the system tells of them: whether a person has changed something. What epbuild writes itself, `out/` and
/// hidden directories, is left out.
struct WorkspaceFiles {
    /// Of one episode: all that lies in it, and all that lies in no episode. Equal marks: nothing has changed.
    struct Mark: Hashable {
        private let own: Int
        private let common: Int

        fileprivate init(_ own: Int, _ common: Int) { (self.own, self.common) = (own, common) }
    }

    private var common = Hasher()
    private var own: [String: Int] = [:]
    private let episodes: Set<String>
    private let asked: Set<String>

    /// - Parameters:
    ///   - episodes: the directories of all that there are.
    ///   - asked: of those that are looked at.
    init(_ directory: String, episodes: [String], asked: [String]) {
        (self.episodes, self.asked) = (Set(episodes), Set(asked))
        if self.episodes.contains(directory) {
            var hasher = Hasher()
            add(directory, to: &hasher)
            own[directory] = hasher.finalize()
        } else {
            var hasher = Hasher()
            add(directory, to: &hasher)
            common = hasher
        }
    }

    func mark(of episode: String) -> Mark { Mark(own[episode] ?? 0, common.finalize()) }

    private mutating func add(_ directory: String, to hasher: inout Hasher) {
        for name in Directory.names(directory).sorted() {
            let path = "\(directory)/\(name)"
            guard let status = FileStatus(path) else { continue }
            if status.isDirectory {
                // A directory's own times change with what epbuild puts there for a moment; what lies in it tells.
                if name.hasPrefix(".") || name == "out" { continue }
                if episodes.contains(path) {
                    guard asked.contains(path) else { continue }
                    var other = Hasher()
                    add(path, to: &other)
                    own[path] = other.finalize()
                } else {
                    add(path, to: &hasher)
                }
                continue
            }
            hasher.combine(path)
            hasher.combine(status)
            if status.kind == .link, let target = FileStatus(path, followingLink: true) { hasher.combine(target) }
        }
    }
}
