/// The inputs of an action as a small file tree: label → digest, in order of the labels' UTF-8 bytes.
///
/// The same tree gives the address (hashed) and the working directory (written out).
public struct InputTree: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        /// A relative path such as `voice/pitch`: never empty, no `.` or `..`.
        public let label: String
        public let digest: Digest
        public let isExecutable: Bool

        public init(label: String, digest: Digest, isExecutable: Bool = false) {
            self.label = label
            self.digest = digest
            self.isExecutable = isExecutable
        }

        public static func == (left: Entry, right: Entry) -> Bool {
            left.label.isByteForByte(right.label) && left.digest == right.digest && left.isExecutable == right.isExecutable
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(Path(label))
            hasher.combine(digest)
            hasher.combine(isExecutable)
        }
    }

    /// Sorted by label; each label occurs once.
    public let entries: [Entry]
    /// Directories that nothing is in, by label, sorted.
    public let emptyDirectories: [String]

    /// - Precondition: no label twice.
    public init(_ entries: [Entry], emptyDirectories: [String] = []) {
        self.emptyDirectories = emptyDirectories.sorted { $0.precedesByteForByte($1) }
        self.entries = entries.sorted { $0.label.precedesByteForByte($1.label) }
        for (left, right) in zip(self.entries, self.entries.dropFirst()) {
            precondition(!left.label.isByteForByte(right.label), "input \(left.label) is given twice")
        }
    }

    public subscript(label: String) -> Digest? { entries.first { $0.label.isByteForByte(label) }?.digest }
}
