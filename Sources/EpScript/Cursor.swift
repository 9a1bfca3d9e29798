/// Finds the line and column of offsets that only grow, in one walk over the source.
struct Cursor {
    private var offset = 0
    private var line = 1
    private var column = 1
    /// Byte-order marks before it take no column.
    private let textStart: Int

    init(_ source: [UInt8]) { textStart = source.textStart }

    /// - Precondition: the range begins at or after every range asked for before.
    mutating func span(_ bytes: Range<Int>, in source: [UInt8]) -> SourceSpan {
        while offset < bytes.lowerBound {
            let byte = source[offset]
            if byte == .lineFeed || (byte == .carriageReturn && !source.has(.lineFeed, at: offset + 1)) {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80, offset >= textStart {
                column += 1
            }
            offset += 1
        }
        return SourceSpan(bytes: bytes, line: line, column: column)
    }
}
