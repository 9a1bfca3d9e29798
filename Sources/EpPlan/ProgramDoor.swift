import EpCore

/// The seam between a built-in step and the programs that it runs.
public protocol ProgramDoor: Sendable {
    /// Runs a program in a fresh directory, which is removed after it.
    /// - Parameters:
    ///   - arguments: the first is its name.
    ///   - files: what the directory holds, by name.
    /// - Returns: what it has printed.
    /// - Throws: `StepFailure` if it failed, `Diagnostic` (`unavailable`) if it is missing, `CancellationError`.
    func run(_ arguments: [String], files: [String: [UInt8]]) async throws -> String

    /// Asks a program that stays loaded for further questions, and starts it if none waits.
    ///
    /// It reads a line for each question, the name of the file, which lies in its directory for as long as the question is asked. It prints
    /// `ok`, a blank, the number of bytes of its answer, a line feed, and the answer. It ends when it can read no more.
    /// - Returns: the answer; nil if the program is not here, does not know how to stay, or nothing stays here.
    /// - Throws: `StepFailure` if it ended over the question, without a status if a signal ended it; `CancellationError`.
    func ask(_ arguments: [String], about file: (name: String, bytes: [UInt8])) async throws -> String?
}

extension ProgramDoor {
    public func ask(_ arguments: [String], about file: (name: String, bytes: [UInt8])) async throws -> String? { nil }
}

/// Where no program can be run.
public struct NoPrograms: ProgramDoor {
    public init() {}
    public func run(_ arguments: [String], files: [String: [UInt8]]) async throws -> String {
        throw StepFailure(Diagnostic(.unavailable, "no program can be run here"))
    }
}
