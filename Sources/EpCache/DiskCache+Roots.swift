public import EpCore
import Glibc

/// What the last build of each episode refers to: trimming keeps it as long as the episode exists.
extension DiskCache {
    /// Remembers the actions of an episode's last build, in place of those of the one before.
    /// - Parameters:
    ///   - blobs: what else must stay.
    ///   - episode: the absolute path of its directory.
    public func remember(_ actions: some Sequence<ActionDigest>, blobs: [Digest] = [], of episode: String) throws(Diagnostic) {
        try Directory.make(rootsDirectory)
        var text = Array("\(episode)\n".utf8)
        for action in actions { text.append(contentsOf: "\(action.digest)\n".utf8) }
        for blob in blobs { text.append(contentsOf: "blob \(blob)\n".utf8) }
        let file = TemporaryFile(in: process)
        try File.creating(file.path, mode: 0o644).write(all: text)
        let path = "\(rootsDirectory)/\(Digest(of: Array(episode.utf8)).hex)"
        let code = file.move(to: path, replacing: true)
        if code != 0 { throw .system("write", path, errno: code) }
    }

    /// What the last builds of all episodes that still exist refer to.
    public func remembered() throws(Diagnostic) -> (actions: Set<ActionDigest>, blobs: Set<Digest>) {
        var actions: Set<ActionDigest> = []
        var blobs: Set<Digest> = []
        for name in Directory.names(rootsDirectory) {
            let path = "\(rootsDirectory)/\(name)"
            guard let file = try? File.reading(path), let bytes = try? file.readAll() else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            guard let episode = lines.first, access(String(episode), F_OK) == 0 else {
                unlink(path)
                continue
            }
            for line in lines.dropFirst() {
                if line.hasPrefix("blob "), let blob = Digest(parsing: line.dropFirst(5)) { blobs.insert(blob) }
                else if let action = Digest(parsing: line) { actions.insert(ActionDigest(action)) }
            }
        }
        return (actions, blobs)
    }

    private var rootsDirectory: String { "\(layout.trimming)/last-builds" }
}
