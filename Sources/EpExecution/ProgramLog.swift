import EpCore
import EpFiles
import Glibc

/// Runs a program, and keeps what it prints in two files beside its directory.
struct ProgramLog {
    let output: String
    let errors: String

    /// - Parameter directory: where the files are made. The program does not look there.
    init(in directory: String) throws {
        output = "\(directory)/.output"
        errors = "\(directory)/.errors"
    }

    func run(_ path: String, _ arguments: [String], _ environment: [String], in directory: String, holding held: [Int32]) async throws -> SupervisedProgram.End {
        let files = try (OpenLog(output), OpenLog(errors))
        return try await SupervisedProgram(
            path: path, arguments: arguments, environment: environment, directory: directory, output: files.0.descriptor,
            errors: files.1.descriptor, held: held
        ).run()
    }

    /// What it has printed last; where it says nothing on standard error, what it says on standard output.
    var lastLines: [String] {
        let said = ProgramMessages(file: errors).lines
        return said.isEmpty ? ProgramMessages(file: output).lines : said
    }

    /// The beginning of one of the files.
    func text(_ path: String) -> String {
        String(decoding: (try? OpenFile(reading: path).contents(limit: 1 << 20)) ?? [], as: UTF8.self)
    }
}

/// A file that is written by a program, open here until it has been started.
private final class OpenLog: Sendable {
    let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SupervisedProgram.shortage(of: "a file for what a program prints") }
    }

    deinit { close(descriptor) }
}
