/// The CRC-16 of LAME's tag: polynomial 0x8005, reflected, beginning with 0.
enum CRC16 {
    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
    }

    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        table.withUnsafeBufferPointer { table in
            var crc: UInt16 = 0
            for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
            return crc
        }
    }

    /// The CRC of two byte strings after each other, from theirs: the first is multiplied by x^(8 · `length`).
    static func joined(_ first: UInt16, _ second: UInt16, length: Int) -> UInt16 {
        var power = UInt16(0x8000)  // 1, as the highest bit is the lowest power.
        var square = UInt16(0x0080)  // x⁸: one byte.
        var remaining = length
        while remaining > 0 {
            if remaining & 1 == 1 { power = product(power, square) }
            square = product(square, square)
            remaining >>= 1
        }
        return product(first, power) ^ second
    }

    /// The product of two polynomials modulo the CRC's.
    private static func product(_ left: UInt16, _ right: UInt16) -> UInt16 {
        var result: UInt16 = 0
        var shifted = right
        for bit in (0..<16).reversed() {
            if left >> UInt16(bit) & 1 == 1 { result ^= shifted }
            shifted = shifted & 1 == 1 ? shifted >> 1 ^ 0xA001 : shifted >> 1
        }
        return result
    }
}
