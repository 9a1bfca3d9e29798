/// A picture of flat squares as a baseline JPEG (ITU-T T.81), grey, written without any program.
///
/// Each square is one block of 8 × 8 pixels and has one shade, so of each block only the mean (the DC coefficient) is
/// coded, and "nothing more". The two Huffman tables hold just the symbols that this needs.
struct FlatJPEG {
    /// Squares in each row, and rows.
    let side: Int
    /// One shade for each square, row by row: 0 is black.
    private(set) var shades: [UInt8]

    /// Pixels in a square.
    static let square = 8

    init(side: Int, shade: UInt8) {
        self.side = side
        shades = Array(repeating: shade, count: side * side)
    }

    mutating func set(_ x: Int, _ y: Int, to shade: UInt8) {
        guard (0..<side).contains(x), (0..<side).contains(y) else { return }
        shades[y * side + x] = shade
    }

    func encoded() -> [UInt8] {
        let pixels = side * Self.square
        let size = [UInt8(pixels >> 8), UInt8(pixels & 0xFF)]
        return [0xFF, 0xD8]
            + segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
            // Every step is 8: a DC coefficient is eight times the mean, so that it is coded as the mean.
            + segment(0xDB, [0] + Array(repeating: 8, count: 64))
            + segment(0xC0, [8] + size + size + [1, 1, 0x11, 0])
            // DC: nine lengths of differences, 0 to 8 bits, under codes of four bits.
            + segment(0xC4, [0x00, 0, 0, 0, 9] + Array(repeating: 0, count: 12) + Array(0...8))
            // AC: the end of the block, under the code 0.
            + segment(0xC4, [0x10, 1] + Array(repeating: 0, count: 15) + [0])
            + segment(0xDA, [1, 1, 0x00, 0, 63, 0])
            + scan() + [0xFF, 0xD9]
    }

    private func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        let size = body.count + 2
        return [0xFF, marker, UInt8(size >> 8), UInt8(size & 0xFF)] + body
    }

    private func scan() -> [UInt8] {
        var bits = BitWriter()
        var before = 0
        for shade in shades {
            let level = Int(shade) - 128
            let difference = level - before
            before = level
            let magnitude = abs(difference)
            let length = Int.bitWidth - magnitude.leadingZeroBitCount
            bits.write(UInt32(length), count: 4)
            // A negative number is written as its ones' complement.
            bits.write(UInt32(difference < 0 ? difference + (1 << length) - 1 : difference), count: length)
            bits.write(0, count: 1)
        }
        return bits.finished()
    }

    private struct BitWriter {
        private var bytes: [UInt8] = []
        private var rest: UInt32 = 0
        private var count = 0

        mutating func write(_ bits: UInt32, count: Int) {
            rest = rest << UInt32(count) | bits
            self.count += count
            while self.count >= 8 {
                self.count -= 8
                append(UInt8(truncatingIfNeeded: rest >> UInt32(self.count)))
            }
        }

        /// 0xFF begins a marker: within the picture a zero follows it.
        private mutating func append(_ byte: UInt8) {
            bytes.append(byte)
            if byte == 0xFF { bytes.append(0) }
        }

        /// Filled up with ones.
        consuming func finished() -> [UInt8] {
            var writer = self
            if writer.count > 0 { writer.write((1 << UInt32(8 - writer.count)) - 1, count: 8 - writer.count) }
            return writer.bytes
        }
    }
}
