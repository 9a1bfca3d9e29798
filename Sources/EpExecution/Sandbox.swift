public import EpCore
import EpFiles

/// Programs that see the system's own files and their declared inputs, and nothing else of this machine: by bubblewrap.
///
/// The person's files, other directories and every network are not there, so that whatever a program reads without saying so is missing.
public struct Sandbox: Sendable {
    /// Of bubblewrap; absolute.
    private let program: String

    /// - Parameter searchPath: as in `PATH`.
    /// - Throws: `Diagnostic` (`unavailable`) if bubblewrap is missing.
    public init(searchPath: String) throws(Diagnostic) {
        guard let found = ProgramRunner(searchPath: searchPath, temporaryDirectory: "/tmp").find("bwrap") else {
            throw Diagnostic(.unavailable, "the program bwrap is missing", remedy: "apt-get install bubblewrap, or build without --sandbox")
        }
        program = found
    }

    private static let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt"]

    /// The command that runs another one inside.
    /// - Parameters:
    ///   - path: the program's, absolute.
    ///   - arguments: the first is its name.
    ///   - directory: where it runs, which it may write to.
    func enclosing(_ path: String, _ arguments: [String], in directory: String) -> (path: String, arguments: [String]) {
        var words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
        for place in Self.system { words += ["--ro-bind-try", place, place] }
        words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        // A program of a person's own lies in a `bin/` beside what it needs.
        if !Self.system.contains(where: { path.hasPrefix("\($0)/") }), Path(path).below(directory) == nil {
            let home = Path(Path(path).parent).name == "bin" ? Path(Path(path).parent).parent : Path(path).parent
            words += ["--ro-bind", home, home]
        }
        words += ["--bind", directory, directory, "--chdir", directory, "--", path]
        return (program, words + arguments.dropFirst())
    }
}
