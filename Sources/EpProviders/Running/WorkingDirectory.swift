import EpCore
import EpFiles
import EpPlan
import Glibc

/// The directory that a program runs in: exactly its declared inputs, and afterwards its declared outputs.
struct WorkingDirectory {
    let path: String

    /// Makes it and fills it.
    init(_ path: String, for job: Job) throws {
        self.path = path
        try Self.makeDirectory(path)
        for label in job.inputs.labels { try job.inputs.copy(label, to: "\(path)/\(label)") }
        for label in job.step.emptyDirectories { try Self.makeDirectory("\(path)/\(label)") }
        for output in job.step.outputs where output.contains("/") { try Self.makeDirectory(Path("\(path)/\(output)").parent) }
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

    private static func makeDirectory(_ path: String) throws {
        do throws(FileError) {
            try Directory.make(path, mode: 0o755)
        } catch {
            throw SupervisedProgram.shortage(error.system, of: "room for \(error.path)")
        }
    }
}
