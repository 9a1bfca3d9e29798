import EpCache
import EpCore
import EpPlan

/// Whether a step makes the same twice: `build --check-determinism`.
extension StepWorker {
    /// - Parameter again: runs the step once more.
    /// - Throws: `StepFailure` that names what differs, so that nothing is stored.
    func check(_ first: JobResult, of step: Step, _ again: () async throws -> JobResult) async throws {
        let second = try await again()
        let paths = step.outputs.flatMap { output in Set((first.paths(of: output) + second.paths(of: output)).map { Path($0) }).sorted() }
        let differing = try paths.filter { try Self.digest(of: first.outputs[$0]) != Self.digest(of: second.outputs[$0]) }
        guard !differing.isEmpty else { return }
        let first = differing.prefix(5).map(\.text).joined(separator: ", ")
        let names = first + (differing.count > 5 ? " and \(differing.count - 5) more" : "")
        throw StepFailure(
            Diagnostic(
                .actionFailed,
                "it makes something else each time: \(names) \(differing.count == 1 ? "differs" : "differ") between two runs of the same "
                    + "inputs",
                remedy:
                    "look for time stamps, random numbers and the order of files in it; without --check-determinism its first result counts"
            ))
    }

    private static func digest(of content: JobResult.Content?) throws -> Digest? {
        switch content {
        case .bytes(let bytes): Digest(of: bytes)
        case .file(let path, _): try FileDigest.compute(path)
        case nil: nil
        }
    }
}
