import EpCore
import EpPlan
import Glibc
import Subprocess
import SystemPackage

/// Runs programs, each in a fresh directory that holds exactly its declared inputs.
struct ProgramRunner: Sendable {
    /// As in `PATH`. Found programs are not part of an address; their versions are.
    let searchPath: String
    /// What of a program's messages is shown when it fails, in bytes.
    private static let shownMessages = 2000

    func run(_ job: Job, arguments: [String], environment: [String: String]) async throws -> JobResult {
        let directory = try job.directory()
        let workingDirectory = "\(directory)/work"
        try makeDirectory(workingDirectory)
        for label in job.inputs.labels { try job.inputs.copy(label, to: "\(workingDirectory)/\(label)") }
        for output in job.step.outputs where output.contains("/") {
            try makeDirectories("\(workingDirectory)/\(output)")
        }
        guard let name = arguments.first else { throw StepFailure(Diagnostic(.actionFailed, "there is no program to run")) }
        let messages = "\(directory)/messages"
        let status = try await launch(name, Array(arguments.dropFirst()), environment, in: workingDirectory, messages: messages)
        guard status.isSuccess else { throw StepFailure(failure(of: name, status, messages)) }
        var outputs: [String: JobResult.Content] = [:]
        for path in job.step.outputs where isFile(path, in: workingDirectory) {
            outputs[path] = .file("\(workingDirectory)/\(path)")
        }
        return JobResult(outputs: outputs, servedBy: job.step.platform[name] ?? name)
    }

    func version(of program: Program) async throws -> ProgramVersion {
        guard let path = find(program.name) else {
            throw Diagnostic(.unavailable, "the program \(program.name) is missing", remedy: "apt-get install \(program.package)")
        }
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(program.versionArguments), environment: environment([:], home: "/"),
            output: .string(limit: 1 << 20), error: .combinedWithOutput)
        guard let line = Self.versionLine(result.standardOutput) else {
            throw Diagnostic(.unavailable, "\(program.name) does not tell its version", remedy: "run `\(program.name) \(program.versionArguments.joined(separator: " "))` to see why")
        }
        return ProgramVersion(path: path, line: line)
    }

    /// The first line that may hold a version: flite begins with a copyright, and ffmpeg names it behind its version.
    static func versionLine(_ text: String) -> String? {
        text.split(separator: "\n").map { String($0.drop(while: \.isWhitespace)) }.first { line in
            let words = line.lowercased()
            return !line.isEmpty && (words.contains("version") || !words.contains("copyright"))
        }
    }

    /// A session of its own, so that everything the program starts ends with it.
    private func launch(
        _ name: String, _ arguments: [String], _ environment: [String: String], in directory: String, messages: String
    ) async throws -> TerminationStatus {
        guard let path = find(name, in: directory) else {
            throw Diagnostic(.unavailable, "the program \(name) is missing", remedy: "install it, or correct `run`")
        }
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))]
        let log = try FileDescriptor.open(messages, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        let output = FileDescriptorOutput.fileDescriptor(log, closeAfterSpawningProcess: true)
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: self.environment(environment, home: directory),
            workingDirectory: FilePath(directory), platformOptions: options, output: output, error: .combinedWithOutput)
        try Task.checkCancellation()
        return result.terminationStatus
    }

    /// The declared environment; where it is silent, a fixed language and time zone, and directories of its own.
    private func environment(_ declared: [String: String], home: String) -> Environment {
        let fixed = ["PATH": searchPath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": home, "TMPDIR": home]
        let all = fixed.merging(declared) { $1 }
        return .custom(Dictionary(all.map { (Environment.Key(stringLiteral: $0.key), $0.value) }) { first, _ in first })
    }

    private func failure(of name: String, _ status: TerminationStatus, _ messages: String) -> Diagnostic {
        let text = (try? readTail(messages)) ?? ""
        let how = switch status {
        case .exited(let code): "\(name) failed with status \(code)"
        default: "\(name) was ended by a signal (\(status))"
        }
        return Diagnostic(.actionFailed, text.isEmpty ? how : "\(how):\n\(text)", remedy: "correct what it complains of, then run the same command again")
    }

    private func readTail(_ path: String) throws -> String {
        let descriptor = try FileDescriptor.open(path, .readOnly)
        defer { try? descriptor.close() }
        let size = try descriptor.seek(offset: 0, from: .end)
        try descriptor.seek(offset: max(0, size - Int64(Self.shownMessages)), from: .start)
        let bytes = try [UInt8](unsafeUninitializedCapacity: Self.shownMessages) { buffer, count in
            count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.suffix(12).map { "  \($0)" }.joined(separator: "\n")
    }

    private func find(_ name: String, in directory: String? = nil) -> String? {
        if name.hasPrefix("/") { return access(name, X_OK) == 0 ? name : nil }
        if name.contains("/") { return directory.map { "\($0)/\(name)" }.flatMap { access($0, X_OK) == 0 ? $0 : nil } }
        return searchPath.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// True for a file of the directory's own: nothing that a symbolic link leads to, wherever on the path it stands.
    private func isFile(_ path: String, in directory: String) -> Bool {
        var place = directory
        let parts = path.split(separator: "/")
        return parts.enumerated().allSatisfy { index, part in
            place += "/\(part)"
            var status = stat()
            return lstat(place, &status) == 0 && status.st_mode & S_IFMT == (index == parts.count - 1 ? S_IFREG : S_IFDIR)
        }
    }

    private func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw Diagnostic(.system, "\(path) cannot be made: \(String(cString: strerror(errno)))", remedy: "see whether the disk is full")
        }
    }

    /// Makes the directories that a declared output lies in.
    private func makeDirectories(_ file: String) throws {
        let parts = file.split(separator: "/")
        for count in 1..<parts.count { try makeDirectory("/" + parts.prefix(count).joined(separator: "/")) }
    }
}
