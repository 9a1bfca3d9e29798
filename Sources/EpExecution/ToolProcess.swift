/// A program that serves a command of epbuild and is no step: it has this process's surroundings, and ends with it.
public struct ToolProcess: Sendable {
    /// Absolute.
    public let path: String
    public let arguments: [String]
    /// `NAME=value`.
    public let environment: [String]

    public init(_ path: String, _ arguments: [String], environment: [String]) {
        (self.path, self.arguments, self.environment) = (path, arguments, environment)
    }

    /// Runs it to its end.
    /// - Parameter directory: where it runs.
    /// - Returns: what it has printed on standard output; nil if it has failed: then `complaint` has its last lines.
    /// - Throws: `Diagnostic` if the system has no process for it, `CancellationError`.
    public func run(in directory: String) async throws -> (output: String?, complaint: String) {
        let log = try ProgramLog(in: directory)
        let end = try await log.run(path, [path] + arguments, environment, in: directory, holding: [])
        return (end == .exited(0) ? log.output : nil, log.lastLines.joined(separator: "\n"))
    }
}
