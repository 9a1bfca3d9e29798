/// The inputs of an action as a small file tree: label → digest, in order of the labels' UTF-8 bytes.
///
/// The same tree gives the address (hashed), the working directory (written out) and the
/// explanation of a rebuild (two trees compared).
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
    }

    /// Sorted by label; each label occurs once.
    public let entries: [Entry]

    /// - Precondition: no label twice.
    public init(_ entries: [Entry]) {
        self.entries = entries.sorted { $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) }
        for (left, right) in zip(self.entries, self.entries.dropFirst()) {
            precondition(left.label != right.label, "input \(left.label) is given twice")
        }
    }

    public subscript(label: String) -> Digest? { entries.first { $0.label == label }?.digest }
}

/// One input that two trees do not have in common.
public struct InputChange: Sendable, Hashable {
    public let label: String
    /// Nil: the input is new.
    public let old: Digest?
    /// Nil: the input is gone.
    public let new: Digest?
}

extension InputTree {
    /// What changed since an earlier tree, in the order of labels. Empty means: the same inputs.
    public func changes(since old: InputTree) -> [InputChange] {
        var changes: [InputChange] = []
        var left = old.entries[...]
        var right = entries[...]
        while left.first != nil || right.first != nil {
            let isRemoved = Self.precedes(left.first, right.first)
            let isAdded = Self.precedes(right.first, left.first)
            let removed = isAdded ? nil : left.popFirst()
            let added = isRemoved ? nil : right.popFirst()
            if removed != added {
                changes.append(InputChange(label: (removed ?? added)?.label ?? "", old: removed?.digest, new: added?.digest))
            }
        }
        return changes
    }

    private static func precedes(_ left: Entry?, _ right: Entry?) -> Bool {
        guard let left else { return false }
        guard let right else { return true }
        return left.label.utf8.lexicographicallyPrecedes(right.label.utf8)
    }
}
