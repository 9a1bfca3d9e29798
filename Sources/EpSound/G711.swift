/// The 256 levels of telephone sound (ITU-T G.711): a sign, three bits of exponent, four of mantissa.
enum G711 {
    /// Every other bit is inverted; full scale is 32,256 of 32,768.
    static let aLaw: [Float] = (0..<256).map { code in
        let bits = code ^ 0x55
        let (exponent, mantissa) = (bits >> 4 & 7, bits & 15)
        let magnitude = exponent == 0 ? mantissa << 4 + 8 : (mantissa << 4 + 0x108) << (exponent - 1)
        return Float(bits & 0x80 == 0 ? -magnitude : magnitude) / 32_768
    }

    /// All bits are inverted; full scale is 32,124 of 32,768.
    static let muLaw: [Float] = (0..<256).map { code in
        let bits = ~code & 0xFF
        let magnitude = (bits & 15) << 3 + 0x84
        let level = magnitude << (bits >> 4 & 7) - 0x84
        return Float(bits & 0x80 == 0 ? level : -level) / 32_768
    }
}
