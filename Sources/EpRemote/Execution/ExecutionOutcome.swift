public import EpCore

/// What a program on a cluster came to.
public struct ExecutionOutcome: Sendable {
    public struct File: Sendable, Hashable {
        /// Below the working directory.
        public let path: String
        public let digest: Digest
        public let isExecutable: Bool

        public init(path: String, digest: Digest, isExecutable: Bool) {
            (self.path, self.digest, self.isExecutable) = (path, digest, isExecutable)
        }
    }

    public let exitStatus: Int32
    public let files: [File]
    /// What of output directories is no file: links, and directories that nothing is in, by their paths.
    public let links: [String]
    public let emptyDirectories: [String]
    /// The end of what it has printed on standard error, and the beginning of standard output.
    public let errors: [UInt8]
    public let output: [UInt8]
    public let worker: String
    /// How long it has waited for a worker, and how long that has worked; nil if the cluster does not tell.
    public let queued: Duration?
    public let worked: Duration?
    /// True if it had been run before, and nobody has run it now.
    public let isCached: Bool
}
