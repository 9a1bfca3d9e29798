import EpCore
import EpFiles
import EpPlan

/// A directory that a program has left as an output: every file in it, hidden ones and those of directories in it, too.
///
/// Nothing in it is passed over in silence: what is no file is a failure.
struct OutputDirectory {
    struct File {
        /// Below the working directory: `frames/001.png`.
        let path: String
        let isExecutable: Bool
    }

    /// In no order.
    private(set) var files: [File] = []
    /// Directories in it that have nothing in them: nobody keeps those.
    private(set) var emptyDirectories: [String] = []

    /// - Parameters:
    ///   - name: as it was declared, without the slash.
    ///   - directory: where the program ran.
    /// - Throws: `StepFailure` if it is not there, has nothing in it, or something that is no file.
    init(_ name: String, in directory: String) throws {
        try collect(RawPath("\(directory)/\(name)"), name)
        guard !files.isEmpty else { throw Self.empty(name) }
    }

    static func empty(_ name: String) -> StepFailure {
        StepFailure(
            Diagnostic(
                .actionFailed, "the output directory \(name)/ is empty",
                remedy: "let the program write at least one file into it, or take it out of `outputs`"))
    }

    static func link(_ path: String) -> StepFailure { failure("\(path) is a symbolic link", "let the program put a copy there (`cp -L`)") }

    /// - Parameter depth: of directories inside each other: a program may make them without end.
    private mutating func collect(_ place: RawPath, _ shown: String, depth: Int = 0) throws {
        guard place.status()?.isDirectory == true, depth < 64 else { throw Self.failure("\(shown) is no directory of the program's own") }
        let entries: [(path: RawPath, name: RawPath, kind: FileStatus.Kind?)]
        do throws(FileError) {
            entries = try Self.entries(place)
        } catch {
            throw Self.failure("\(error.path) cannot be read: \(error.system.reason)")
        }
        if entries.isEmpty { emptyDirectories.append(shown) }
        for entry in entries {
            guard let name = entry.name.text else { throw Self.failure("the name \(shown)/\(entry.name.shown) is not UTF-8") }
            let path = "\(shown)/\(name)"
            switch entry.kind {
            case .regular: files.append(File(path: path, isExecutable: FilePermissions(entry.path)?.isExecutable == true))
            case .directory: try collect(entry.path, path, depth: depth + 1)
            case .link: throw Self.link(path)
            default: throw Self.failure("\(path) is no file")
            }
        }
    }

    private static func entries(_ place: RawPath) throws(FileError) -> [(path: RawPath, name: RawPath, kind: FileStatus.Kind?)] {
        let directory = try OpenDirectory(place, followingLink: false)
        var entries: [(path: RawPath, name: RawPath, kind: FileStatus.Kind?)] = []
        while let entry = try directory.next() { entries.append((entry.path, entry.name, directory.status(of: entry.name)?.kind)) }
        return entries
    }

    private static func failure(_ what: String, _ remedy: String = "let the program leave only files in an output directory") -> StepFailure
    {
        StepFailure(Diagnostic(.actionFailed, "an output directory is not kept: \(what)", remedy: remedy))
    }
}
