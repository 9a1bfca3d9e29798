import EpCore
import RemoteAPI
import SwiftProtobuf

/// The files that a program on a cluster has left, taken together from lists and trees. Nothing that leads out of its directory is taken.
struct OutputListing {
    private(set) var files: [ExecutionOutcome.File] = []
    private(set) var links: [String] = []
    private(set) var emptyDirectories: [String] = []

    private typealias Directory = Build_Bazel_Remote_Execution_V2_TreeDirectory
    /// Of directories inside each other, as of a program here.
    private static let deepest = 64
    private static let mostFiles = 1_000_000

    mutating func add(_ files: [Build_Bazel_Remote_Execution_V2_OutputFile]) throws(ExecutionTrouble) {
        for file in files { try add(file.path, file.digest, file.isExecutable) }
    }

    /// - Parameter tree: a serialized `Tree`.
    mutating func add(_ path: String, tree bytes: [UInt8]) throws(ExecutionTrouble) {
        guard RelativePath.isClean(path), let tree = try? Build_Bazel_Remote_Execution_V2_Tree(serializedBytes: bytes) else {
            throw ExecutionTrouble(.failed, "sent what is no list of the output \(path)")
        }
        var children: [Digest: Directory] = [:]
        for child in tree.children {
            guard let bytes: [UInt8] = try? child.serializedBytes() else { continue }
            children[Digest(of: bytes)] = child
        }
        try collect(tree.root, path, children, depth: 0)
    }

    private mutating func collect(
        _ directory: Directory, _ path: String, _ children: [Digest: Directory], depth: Int
    ) throws(ExecutionTrouble) {
        guard depth < Self.deepest else { throw ExecutionTrouble(.failed, "has directories without end in \(path)") }
        if directory.files.isEmpty, directory.directories.isEmpty, directory.symlinks.isEmpty { emptyDirectories.append(path) }
        for file in directory.files { try add("\(path)/\(file.name)", file.digest, file.isExecutable) }
        for link in directory.symlinks { links.append("\(path)/\(link.name)") }
        for node in directory.directories {
            guard let digest = node.digest.digest, let child = children[digest], RelativePath.isClean(node.name) else {
                throw ExecutionTrouble(.failed, "does not tell what is in \(path)/\(node.name)")
            }
            try collect(child, "\(path)/\(node.name)", children, depth: depth + 1)
        }
    }

    private mutating func add(
        _ path: String, _ digest: Build_Bazel_Remote_Execution_V2_Digest, _ isExecutable: Bool
    ) throws(ExecutionTrouble) {
        guard RelativePath.isClean(path), let digest = digest.digest, files.count < Self.mostFiles else {
            throw ExecutionTrouble(.failed, "names an output that is none: \(path.prefix(200))")
        }
        files.append(ExecutionOutcome.File(path: path, digest: digest, isExecutable: isExecutable))
    }
}

extension Build_Bazel_Remote_Execution_V2_ExecutionTimes {
    var queued: Duration? { Self.between(hasQueuedTimestamp ? queuedTimestamp : nil, hasWorkerStartTimestamp ? workerStartTimestamp : nil) }
    var worked: Duration? {
        Self.between(hasWorkerStartTimestamp ? workerStartTimestamp : nil, hasWorkerCompletedTimestamp ? workerCompletedTimestamp : nil)
    }

    /// Nil if one of them is not told, or they run backwards.
    private static func between(
        _ start: Build_Bazel_Remote_Execution_V2_ExecutionMoment?, _ end: Build_Bazel_Remote_Execution_V2_ExecutionMoment?
    ) -> Duration? {
        guard let start, let end else { return nil }
        let (seconds, isTooLong) = end.seconds.subtractingReportingOverflow(start.seconds)
        guard !isTooLong, (0...31_536_000).contains(seconds) || seconds == -1 else { return nil }
        let time = Duration.seconds(seconds) + .nanoseconds(Int64(end.nanos) - Int64(start.nanos))
        return time < .zero ? nil : time
    }
}
