/// A text as its lines, each with the line end that it has: put together again they are the text, byte for byte.
///
/// Only a line feed ends a line. So `a\r\n` and `a\n` are different lines, and so are `a\n` and an `a` that ends the text.
public struct TextLines: Sendable {
    public let bytes: [UInt8]
    /// Slices of `bytes`, in order; none is empty.
    public let lines: [ArraySlice<UInt8>]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: .lineFeed).map { $0 + 1 } ?? bytes.count
            lines.append(bytes[start..<end])
            start = end
        }
        self.lines = lines
    }

    public var count: Int { lines.count }

    subscript(index: Int) -> ArraySlice<UInt8> { lines[index] }

    /// The bytes of some lines.
    subscript(range: Range<Int>) -> ArraySlice<UInt8> {
        guard let first = lines[range].first, let last = lines[range].last else { return [] }
        return bytes[first.startIndex..<last.endIndex]
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}

extension ArraySlice<UInt8> {
    var hasLineEnd: Bool { last == .lineFeed }
    var hasWindowsLineEnd: Bool { hasLineEnd && dropLast().last == .carriageReturn }

    /// Without the line end, of either kind.
    var content: ArraySlice<UInt8> { hasWindowsLineEnd ? dropLast(2) : hasLineEnd ? dropLast() : self }
}
