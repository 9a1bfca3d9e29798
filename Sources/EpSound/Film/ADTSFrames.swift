public import EpCore

/// The frames of AAC in ADTS (ISO/IEC 13818-7, 6.2), each with its header: they can be put one after the other.
public enum ADTSFrames {
    /// Where the frames are.
    /// - Throws: `badInput` for what is no ADTS, or is cut short.
    public static func ranges(in bytes: [UInt8], named name: String) throws(Diagnostic) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            guard start + 7 <= bytes.count, bytes[start] == 0xFF, bytes[start + 1] & 0xF6 == 0xF0 else { throw damaged(name) }
            let length = Int(bytes[start + 3] & 3) << 11 | Int(bytes[start + 4]) << 3 | Int(bytes[start + 5]) >> 5
            guard length >= 7, start + length <= bytes.count else { throw damaged(name) }
            ranges.append(start..<start + length)
            start += length
        }
        return ranges
    }

    private static func damaged(_ name: String) -> Diagnostic {
        Diagnostic(.badInput, "these are no frames of AAC, or they are cut short", at: SourceLocation(file: name))
    }
}
