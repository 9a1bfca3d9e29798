import EpCore
import EpFiles
import Glibc
import Synchronization

/// Runs a program, and keeps what it prints.
struct ProgramLog {
    private let outputFile: PrintedFile
    private let errorsFile: PrintedFile

    /// - Parameter directory: on whose file system there is room for what it prints. Nothing is to be seen of it there.
    init(in directory: String) throws {
        outputFile = try PrintedFile(in: directory)
        errorsFile = try PrintedFile(in: directory)
    }

    func run(
        _ path: String, _ arguments: [String], _ environment: [String], in directory: String, holding held: [Int32]
    ) async throws -> SupervisedProgram.End {
        try await SupervisedProgram(
            path: path, arguments: arguments, environment: environment, directory: directory, output: outputFile.descriptor,
            errors: errorsFile.descriptor, held: held
        ).run()
    }

    /// Starts a program that reads from a socket and prints to it: of that, only what it complains of is kept.
    func start(
        _ path: String, _ arguments: [String], _ environment: [String], in directory: String, conversingOver socket: Int32
    ) throws(Diagnostic) -> SupervisedRun {
        try SupervisedProgram(
            path: path, arguments: arguments, environment: environment, directory: directory, output: socket, errors: errorsFile.descriptor,
            held: [], converses: true
        ).start()
    }

    /// What it has printed last; where it says nothing on standard error, what it says on standard output.
    var lastLines: [String] {
        let said = errorMessages.lines
        return said.isEmpty ? ProgramMessages(end: outputFile.descriptor).lines : said
    }

    var errorMessages: ProgramMessages { ProgramMessages(end: errorsFile.descriptor) }

    /// The beginning of what it has printed.
    var output: String { outputFile.beginning }
    var errors: String { errorsFile.beginning }
}

/// A file without a name, for what one program prints. Kept for the next one: to make two for each program costs as much as its directory.
private final class PrintedFile: Sendable {
    let descriptor: Int32
    private static let kept = Mutex<[Int32]>([])
    /// As many as wait for their next program.
    private static let mostKept = 64

    init(in directory: String) throws {
        if let kept = Self.kept.withLock({ $0.popLast() }) {
            descriptor = kept
            return
        }
        let flags = O_RDWR | O_APPEND | O_CLOEXEC
        var opened = open(directory, flags | __O_TMPFILE | O_DIRECTORY, 0o600)
        if opened < 0, SystemError.last.kind != .tooManyFiles {
            // A file system that makes no file without a name.
            let path = "\(directory)/.printed-\(UInt64.random(in: 0...UInt64.max))"
            opened = open(path, flags | O_CREAT | O_EXCL, 0o600)
            if opened >= 0 { unlink(path) }
        }
        guard opened >= 0 else { throw SupervisedProgram.shortage(of: "a file for what a program prints") }
        descriptor = opened
    }

    var beginning: String {
        var bytes = [UInt8](repeating: 0, count: Int(clamping: min(FileStatus(descriptor: descriptor)?.size ?? 0, 1 << 20)))
        bytes.removeLast(bytes.count - max(0, retrying { pread(descriptor, &bytes, bytes.count, 0) }))
        return String(decoding: bytes, as: UTF8.self)
    }

    deinit {
        let isEmpty = FileStatus(descriptor: descriptor)?.size == 0 || ftruncate(descriptor, 0) == 0
        let isKept = isEmpty && Self.kept.withLock { kept in
            guard kept.count < Self.mostKept else { return false }
            kept.append(descriptor)
            return true
        }
        if !isKept { close(descriptor) }
    }
}
