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
}

/// Where no program can be run.
public struct NoPrograms: ProgramDoor {
    public init() {}
    public func run(_ arguments: [String], files: [String: [UInt8]]) async throws -> String {
        throw StepFailure(Diagnostic(.unavailable, "no program can be run here"))
    }
}
