public import EpCore
import EpFiles
import Glibc

/// What the last build of each episode refers to: trimming keeps it as long as the episode exists.
extension DiskCache {
    /// Remembers the actions of an episode's last build, in place of those of the one before.
    /// - Parameters:
    ///   - next: gives one action after the other, and nil behind the last: there may be very many.
    ///   - others: actions that must stay, too.
    ///   - blobs: what else must.
    ///   - episode: the absolute path of its directory.
    public func remember(
        next: () -> ActionDigest?, others: [ActionDigest] = [], blobs: [Digest] = [], of episode: String
    ) throws(Diagnostic) {
        try write(to: "\(layout.lastBuilds)/\(Self.name(of: episode))", mode: 0o644) { file throws(Diagnostic) in
            var text = Array("\(episode)\n".utf8)
            text.reserveCapacity(Self.piece + 128)
            while let action = next() {
                Self.add(action, to: &text)
                guard text.count >= Self.piece else { continue }
                try file.write(all: text)
                text.removeAll(keepingCapacity: true)
            }
            for action in others { Self.add(action, to: &text) }
            for blob in blobs { text.append(contentsOf: "blob \(blob)\n".utf8) }
            try file.write(all: text)
        }
    }

    private static func add(_ action: ActionDigest, to text: inout [UInt8]) {
        action.digest.writeHex(to: &text)
        text.append(contentsOf: "/\(action.digest.size)\n".utf8)
    }

    /// Bytes that are written at a time.
    private static let piece = 1 << 16

    private static func name(of episode: some StringProtocol) -> String { Digest(of: Array(episode.utf8)).hex }

    /// What the last builds of all episodes that still exist refer to.
    public func remembered() throws(Diagnostic) -> (actions: Set<ActionDigest>, blobs: Set<Digest>) {
        var actions: Set<ActionDigest> = []
        var blobs: Set<Digest> = []
        for name in Directory.names(layout.lastBuilds) where Digest(hex: name, size: 0) != nil {
            let path = "\(layout.lastBuilds)/\(name)"
            guard let bytes = try rootBytes(path) else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            // The name is that of the episode, so that a damaged path is not taken for an episode that is gone.
            guard let episode = lines.first, Self.name(of: episode) == name else {
                tellLost(path, "its first line is damaged")
                continue
            }
            if access(String(episode), F_OK) != 0, SystemError.last.isAbsence {
                unlink(path)
                continue
            }
            var isDamaged = false
            for line in lines.dropFirst() {
                if line.hasPrefix("blob "), let blob = Digest(parsing: line.dropFirst(5)) { blobs.insert(blob) }
                else if let action = Digest(parsing: line) { actions.insert(ActionDigest(action)) }
                else { isDamaged = true }
            }
            if isDamaged { tellLost(path, "a line of it is damaged") }
        }
        return (actions, blobs)
    }

    /// Nil if there is no such file any more, or it is of no use, which is told.
    private func rootBytes(_ path: String) throws(Diagnostic) -> [UInt8]? {
        switch try PlainFile.open(path) {
        case .absent: return nil
        case .unusable(let reason): tellLost(path, reason)
        case .opened(let file):
            do throws(Diagnostic) {
                return try file.file.readAll()
            } catch {
                tellLost(path, error.message)
            }
        }
        return nil
    }

    private func tellLost(_ path: String, _ reason: String) {
        files.onDamage(Diagnostic(
            .damagedCache, "what an episode's last build is made of is not known: \(path) cannot be used (\(reason))",
            remedy: "build your episodes once more before the cache is trimmed: else their results may go", severity: .warning))
    }
}
