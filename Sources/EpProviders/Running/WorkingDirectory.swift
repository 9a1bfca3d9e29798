import EpCore
import EpPlan
import Glibc

/// The directory that a program runs in: exactly its declared inputs, and afterwards its declared outputs.
struct WorkingDirectory {
    let path: String

    /// Makes it and fills it.
    init(_ path: String, for job: Job) throws {
        self.path = path
        try Self.make(path)
        for label in job.inputs.labels { try job.inputs.copy(label, to: "\(path)/\(label)") }
        for label in job.step.emptyDirectories { try Self.makeDirectories(above: "\(path)/\(label)/") }
        for output in job.step.outputs where output.contains("/") { try Self.makeDirectories(above: "\(path)/\(output)") }
    }

    /// The outputs that are there.
    func outputs(of step: Step) -> [String: JobResult.Content] {
        var found: [String: JobResult.Content] = [:]
        for output in step.outputs {
            guard let mode = mode(of: output) else { continue }
            found[output] = .file("\(path)/\(output)", isExecutable: mode & S_IXUSR != 0)
        }
        return found
    }

    /// The mode of a file of the directory's own; nil for what a symbolic link leads to, wherever on the path it stands.
    private func mode(of file: String) -> mode_t? {
        var place = path
        var mode: mode_t?
        let parts = file.split(separator: "/")
        for (index, part) in parts.enumerated() {
            place += "/\(part)"
            var status = stat()
            guard lstat(place, &status) == 0, status.st_mode & S_IFMT == (index == parts.count - 1 ? S_IFREG : S_IFDIR) else { return nil }
            mode = status.st_mode
        }
        return mode
    }

    private static func make(_ path: String) throws {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw SupervisedProgram.shortage(errno, of: "room for \(path)") }
    }

    /// Makes the directories that a path lies in.
    private static func makeDirectories(above file: String) throws {
        let parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().dropFirst()
        for count in 1...parts.count { try make("/" + parts.prefix(count).joined(separator: "/")) }
    }
}
