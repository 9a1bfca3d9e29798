extension CoverImage {
    /// False for a picture that is cut off: its file has no end. What stands behind the end is no matter. Nothing is decoded.
    public var isWhole: Bool {
        switch format {
        case .png: Self.pngHasEnd(bytes)
        case .jpeg: Self.jpegHasEnd(bytes)
        }
    }

    /// What to do about a picture that is cut off.
    public static let cutOffRemedy = "copy or export it again: a part of the file is missing"

    /// PNG (W3C, third edition, 5.3): chunks of a length, a type, so many bytes and a sum, up to `IEND`.
    private static func pngHasEnd(_ bytes: [UInt8]) -> Bool {
        var index = 8
        while index + 12 <= bytes.count {
            let length = bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
            if bytes[index + 4..<index + 8].elementsEqual("IEND".utf8) { return true }
            index += 12 + length
        }
        return false
    }

    /// JPEG (ITU-T T.81, B.1.1): segments with lengths, and behind each start of scan compressed data, in which 255 is followed by 0 or by
    /// a mark that has no length. A preview within a segment has an end of its own, which is not the picture's.
    private static func jpegHasEnd(_ bytes: [UInt8]) -> Bool {
        var index = 2
        while index + 1 < bytes.count {
            let isMark = bytes[index] == 0xFF
            switch bytes[index + 1] {
            case 0xD9 where isMark: return true
            case _ where !isMark: index += 1
            case 0xFF: index += 1
            case 0, 1, 0xD0...0xD8: index += 2
            default:
                guard index + 3 < bytes.count else { return false }
                index += 2 + max(2, Int(bytes[index + 2]) << 8 | Int(bytes[index + 3]))
            }
        }
        return false
    }
}
