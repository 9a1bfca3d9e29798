public import EpCore
import Glibc

/// What the last build of each episode refers to: trimming keeps it as long as the episode exists.
extension DiskCache {
    /// Remembers the actions of an episode's last build, in place of those of the one before.
    /// - Parameter episode: the absolute path of its directory.
    public func remember(_ actions: some Sequence<ActionDigest>, of episode: String) throws(Diagnostic) {
        try Directory.make(rootsDirectory)
        let text = episode + "\n" + actions.map { "\($0.hex)/\($0.digest.size)\n" }.joined()
        let file = TemporaryFile(in: process)
        try File.creating(file.path, mode: 0o644).write(all: Array(text.utf8))
        let path = "\(rootsDirectory)/\(Digest(of: Array(episode.utf8)).hex)"
        let code = file.move(to: path, replacing: true)
        if code != 0 { throw .system("write", path, errno: code) }
    }

    /// The actions of the last builds of all episodes that still exist.
    public func rememberedActions() throws(Diagnostic) -> Set<ActionDigest> {
        var actions: Set<ActionDigest> = []
        for name in Directory.names(rootsDirectory) {
            let path = "\(rootsDirectory)/\(name)"
            guard let bytes = try? File.opening(path, O_RDONLY).readAll() else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            guard let episode = lines.first, access(String(episode), F_OK) == 0 else {
                unlink(path)
                continue
            }
            for line in lines.dropFirst() {
                let parts = line.split(separator: "/")
                if parts.count == 2, let size = Int64(parts[1]), let digest = Digest(hex: parts[0], size: size) { actions.insert(ActionDigest(digest)) }
            }
        }
        return actions
    }

    private var rootsDirectory: String { "\(layout.trimming)/last-builds" }
}
