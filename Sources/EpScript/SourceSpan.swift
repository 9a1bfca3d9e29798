public import EpCore

/// Where something stands in the file it was read from.
public struct SourceSpan: Hashable, Sendable {
    /// Offsets into the file; a byte-order mark counts.
    public let bytes: Range<Int>
    /// Of the first byte, from 1.
    public let line: Int
    /// Of the first byte, in Unicode scalars, from 1.
    public let column: Int

    public func location(in file: String) -> SourceLocation {
        SourceLocation(file: file, line: line, column: column)
    }
}
