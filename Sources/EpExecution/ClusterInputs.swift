import EpCore
import EpFiles
import EpPlan
import EpRemote
import Synchronization

/// The inputs of a job on their way to a cluster: each by its digest, verified when it is copied.
final class ClusterInputs: Sendable {
    private let job: Job
    private let labels: [Digest: String]
    private let directory: String
    /// Sent where a step is built in.
    private let own: OwnProgram?
    private let count = Mutex(0)

    /// - Parameter home: a directory in which there is room for copies.
    init(_ job: Job, _ tree: InputTree, in home: String, _ own: OwnProgram?) {
        (self.job, self.own) = (job, own)
        labels = Dictionary(tree.entries.map { ($0.digest, $0.label) }) { first, _ in first }
        directory = "\(home)/sent"
    }

    /// - Returns: where it is.
    /// - Throws: `DamagedInput` if it is not what it was.
    func file(_ blob: Digest) throws -> ExecutionService.File {
        if let own, try own.digest() == blob { return .init(own.path, isCopy: false) }
        guard let label = labels[blob] else { throw DamagedInput("blob \(blob.short) is no input") }
        let number = count.withLock { count in
            count += 1
            return count
        }
        let path = "\(directory)/\(number)"
        try Files.makeDirectory(above: path)
        try job.inputs.copy(label, to: path)
        return .init(path, isCopy: true)
    }
}
