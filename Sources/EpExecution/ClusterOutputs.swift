import EpCore
import EpFiles
import EpPlan
import EpRemote
import Glibc

/// What a program on a cluster has left, of what its step declares.
struct ClusterOutputs {
    private let files: [ExecutionOutcome.File]
    private let links: [String]
    private let step: Step
    /// Of output directories: what is not kept of them.
    let notes: [String]

    /// - Parameter directory: where it has left them: "", or what ends with a slash.
    init(_ outcome: ExecutionOutcome, of step: Step, below directory: String) {
        let isBelow = { (path: String) in path.utf8.starts(with: directory.utf8) }
        let bare = { (path: String) in String(path.utf8.dropFirst(directory.utf8.count)) ?? path }
        self.step = step
        files = outcome.files.filter { isBelow($0.path) }.map {
            .init(path: bare($0.path), digest: $0.digest, isExecutable: $0.isExecutable)
        }
        links = outcome.links.filter(isBelow).map(bare)
        notes = outcome.emptyDirectories.filter(isBelow).map(bare).sorted().filter { path in
            step.outputs.contains { "\(path)/".hasPrefix($0) }
        }.map { "\($0)/ is empty, and not kept" }
    }

    /// Outputs that are fetched at once.
    private static let width = 8

    /// Brings the declared outputs into a directory.
    /// - Returns: nil if the cluster does not hand one out.
    /// - Throws: `StepFailure` for a directory that cannot be kept, `ExecutionTrouble`.
    func fetch(into home: String, by service: ExecutionService) async throws -> [Path: JobResult.Content]? {
        try check()
        let directories = step.outputs.filter(OutputPath.isDirectory)
        let wanted = files.filter { file in
            step.outputs.contains(file.path) || directories.contains { file.path.utf8.starts(with: $0.utf8) }
        }
        let isWhole = try await withThrowingTaskGroup(of: Bool.self) { group in
            for (number, file) in wanted.enumerated() {
                if number >= Self.width, try await group.next() == false { return false }
                group.addTask {
                    let path = Self.place(of: file, in: home)
                    try Files.makeDirectory(above: path)
                    unlink(path)
                    return try await service.fetch(file.digest, to: path)
                }
            }
            while let isHere = try await group.next() { guard isHere else { return false } }
            return true
        }
        guard isWhole else { return nil }
        return Dictionary(
            wanted.map { (Path($0.path), .file(Self.place(of: $0, in: home), isExecutable: $0.isExecutable)) }
        ) { first, _ in first }
    }

    private static func place(of file: ExecutionOutcome.File, in home: String) -> String { "\(home)/made/\(file.path)" }

    /// What would be no output directory here is none there.
    private func check() throws(StepFailure) {
        for output in step.outputs where OutputPath.isDirectory(output) {
            if let link = links.first(where: { $0.utf8.starts(with: output.utf8) }) { throw OutputDirectory.link(link) }
            guard files.contains(where: { $0.path.utf8.starts(with: output.utf8) }) else {
                throw OutputDirectory.empty(OutputPath.bare(output))
            }
        }
    }
}
