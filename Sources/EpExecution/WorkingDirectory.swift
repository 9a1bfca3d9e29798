import EpCore
import EpFiles
import EpPlan

/// The directory that a program runs in: exactly its declared inputs, and afterwards its declared outputs.
struct WorkingDirectory {
    let path: String

    /// Fills an empty one.
    init(_ path: String, for job: Job) throws {
        self.path = path
        for label in job.inputs.labels { try job.inputs.copy(label, to: "\(path)/\(label)") }
        for label in job.step.emptyDirectories { try Self.makeDirectory("\(path)/\(label)") }
        for output in job.step.outputs where output.contains("/") {
            try Self.makeDirectory(OutputPath.isDirectory(output) ? "\(path)/\(OutputPath.bare(output))" : Path("\(path)/\(output)").parent)
        }
        if let report = job.step.reading?.report, report.contains("/") { try Self.makeDirectory(Path("\(path)/\(report)").parent) }
    }

    /// Fills an empty one with these files by their names.
    static func fill(_ path: String, with files: [String: [UInt8]]) throws {
        for (name, bytes) in files { try Files.create("\(path)/\(name)", with: bytes, mode: 0o644) }
    }

    /// The outputs that are there, and what is not kept of directories.
    /// - Throws: `StepFailure` for a directory that cannot be kept as it is.
    func outputs(of step: Step) throws -> (files: [Path: JobResult.Content], notes: [String]) {
        var found: [Path: JobResult.Content] = [:]
        var notes: [String] = []
        for output in step.outputs where OutputPath.isDirectory(output) {
            let directory = try OutputDirectory(OutputPath.bare(output), in: path)
            for file in directory.files { found[Path(file.path)] = .file("\(path)/\(file.path)", isExecutable: file.isExecutable) }
            notes += directory.emptyDirectories.sorted().map { "\($0)/ is empty, and not kept" }
        }
        for output in step.outputs where !OutputPath.isDirectory(output) {
            guard isOwn(output), let permissions = FilePermissions("\(path)/\(output)") else {
                try refuse(output)
                continue
            }
            found[Path(output)] = .file("\(path)/\(output)", isExecutable: permissions.isExecutable)
        }
        return (found, notes)
    }

    /// - Throws: `StepFailure` that says what stands in the place of a declared file; nothing if nothing does.
    private func refuse(_ output: String) throws {
        guard let kind = FileStatus("\(path)/\(output)")?.kind else { return }
        let (what, remedy) =
            switch kind {
            case .directory: ("a directory", "name it as one in `outputs`: `\(output)/`")
            case .link, .regular: ("a symbolic link, or lies behind one", "let the program put a copy there (`cp -L`)")
            default: ("no file", "let the program write a file")
            }
        throw StepFailure(Diagnostic(.actionFailed, "the declared output \"\(output)\" is \(what)", remedy: remedy))
    }

    /// What the program says that it has read beside its inputs.
    /// - Throws: `StepFailure` if it does not say it, or has read what is not tracked.
    func reads(of step: Step) throws -> ReportedReads? {
        guard let reading = step.reading else { return nil }
        guard isOwn(reading.report), let bytes = try Files.read("\(path)/\(reading.report)") else {
            throw StepFailure(Diagnostic(
                .actionFailed, "the program has not written \(reading.report), the file of dependencies that `depfile` names",
                remedy: "have it write one, empty if it has read nothing but its inputs"))
        }
        do throws(Diagnostic) {
            return try ReportedReads(DependencyFile(parsing: bytes, file: reading.report), reading, of: step, in: path)
        } catch {
            throw StepFailure(error)
        }
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
            throw SupervisedProgram.shortage(error.system, of: "room for \(error.path)", at: error.path)
        }
    }
}
