import EpCore
import EpFiles
import EpPlan

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

    /// Makes it, with these files by their names.
    init(_ path: String, _ files: [String: [UInt8]]) throws {
        self.path = path
        try Self.makeDirectory(path)
        for (name, bytes) in files { try Files.create("\(path)/\(name)", with: bytes, mode: 0o644) }
    }

    /// The outputs that are there.
    func outputs(of step: Step) -> [String: JobResult.Content] {
        var found: [String: JobResult.Content] = [:]
        for output in step.outputs {
            guard isOwn(output), let permissions = FilePermissions("\(path)/\(output)") else { continue }
            found[output] = .file("\(path)/\(output)", isExecutable: permissions.isExecutable)
        }
        return found
    }

    /// True for a file of the directory's own; false for what a symbolic link leads to, wherever on the path it stands.
    private func isOwn(_ file: String) -> Bool {
        var place = path
        let parts = Path(file).parts
        return parts.enumerated().allSatisfy { index, part in
            place += "/\(part)"
            return FileStatus(place)?.kind == (index == parts.count - 1 ? .regular : .directory)
        }
    }

    private static func makeDirectory(_ path: String) throws {
        do throws(FileError) {
            try Directory.make(path, mode: 0o755)
        } catch {
            throw SupervisedProgram.shortage(error.system, of: "room for \(error.path)")
        }
    }
}
