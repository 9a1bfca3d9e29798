/// Differences as `diff -u` and git print them (POSIX.1-2017, `diff`, "Diff -u Output Format"), fit for `patch`.
public struct UnifiedDiff: Sendable {
    private let diff: LineDiff
    private let oldName: String
    private let newName: String
    private let contextLines: Int

    /// - Parameters:
    ///   - oldName: what the header calls the old text; on one line, as control characters become spaces.
    ///   - contextLines: how many common lines are shown around a change.
    public init(_ diff: LineDiff, oldName: String, newName: String, contextLines: Int = 3) {
        self.diff = diff
        self.oldName = oldName
        self.newName = newName
        self.contextLines = contextLines
    }

    /// Empty if the texts are the same.
    public var bytes: [UInt8] {
        guard !diff.isEmpty else { return [] }
        var bytes = Array("--- \(Self.shown(oldName))\n+++ \(Self.shown(newName))\n".utf8)
        for hunk in hunks { append(hunk, to: &bytes) }
        return bytes
    }

    /// As text; what is not UTF-8 is replaced by U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The lines of a hunk, and the changes in it.
    private struct Hunk {
        var lines: LineDiff.Change
        var changes: [LineDiff.Change]
    }

    /// Changes whose contexts touch share a hunk.
    private var hunks: [Hunk] {
        var hunks: [Hunk] = []
        for change in diff.changes {
            let before = min(contextLines, change.old.lowerBound)
            let after = min(contextLines, diff.old.count - change.old.upperBound)
            if let last = hunks.last, change.old.lowerBound - before <= last.lines.old.upperBound {
                hunks[hunks.count - 1].changes.append(change)
            } else {
                let start = LineDiff.Change(
                    old: change.old.lowerBound - before..<change.old.upperBound, new: change.new.lowerBound - before..<change.new.upperBound
                )
                hunks.append(Hunk(lines: start, changes: [change]))
            }
            let start = hunks[hunks.count - 1].lines
            hunks[hunks.count - 1].lines = .init(
                old: start.old.lowerBound..<change.old.upperBound + after, new: start.new.lowerBound..<change.new.upperBound + after)
        }
        return hunks
    }

    private func append(_ hunk: Hunk, to bytes: inout [UInt8]) {
        bytes += "@@ -\(Self.numbers(hunk.lines.old)) +\(Self.numbers(hunk.lines.new)) @@\n".utf8
        var next = hunk.lines.old.lowerBound
        for change in hunk.changes {
            append(" ", diff.old, next..<change.old.lowerBound, to: &bytes)
            append("-", diff.old, change.old, to: &bytes)
            append("+", diff.new, change.new, to: &bytes)
            next = change.old.upperBound
        }
        append(" ", diff.old, next..<hunk.lines.old.upperBound, to: &bytes)
    }

    private func append(_ mark: Unicode.Scalar, _ text: TextLines, _ range: Range<Int>, to bytes: inout [UInt8]) {
        for index in range {
            bytes.append(UInt8(ascii: mark))
            bytes += text[index]
            if !text[index].hasLineEnd { bytes += "\n\\ No newline at end of file\n".utf8 }
        }
    }

    /// The first line, counted from 1, and how many; of no lines, the line before them.
    private static func numbers(_ range: Range<Int>) -> String {
        switch range.count {
        case 0: "\(range.lowerBound),0"
        case 1: "\(range.lowerBound + 1)"
        default: "\(range.lowerBound + 1),\(range.count)"
        }
    }

    /// A tab ends a name with spaces, as git writes it: `patch` would take what follows the space for a date.
    private static func shown(_ name: String) -> String {
        let line = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        return line.utf8.contains(UInt8(ascii: " ")) ? line + "\t" : line
    }
}
