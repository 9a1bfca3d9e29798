import EpCore
import EpFiles

/// A file in a person's hands that builds and commands write, too: a text of an episode, its lock.
enum PersonalFile {
    /// Where it is to be written: what a symbolic link in its place leads to, so that the link stays.
    /// - Throws: `Diagnostic` (`bad_input`) for a link that leads nowhere: the disk behind it may come back.
    static func place(_ path: String) throws(Diagnostic) -> String {
        guard FileStatus(path)?.kind == .link else { return path }
        guard let place = Files.resolved(path) else {
            throw Diagnostic(
                .badInput, "\(path) is a symbolic link that leads nowhere", at: SourceLocation(file: path),
                remedy: "bring back what it leads to, or remove the link")
        }
        return place
    }
}
