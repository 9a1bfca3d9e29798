/// Letters of five by seven squares, for a card that needs no font: capitals, digits and the commonest marks.
enum BlockLetters {
    static let width = 5
    static let height = 7
    /// From one letter to the next.
    static let advance = 6

    /// The squares of a letter, from its top left corner; nil if it has none. Small letters are capitals.
    static func squares(of letter: Character) -> [(x: Int, y: Int)]? {
        guard let columns = columns(of: letter) else { return nil }
        return columns.enumerated().flatMap { x, column in (0..<height).filter { column >> UInt8($0) & 1 == 1 }.map { (x, $0) } }
    }

    static func has(_ letter: Character) -> Bool { columns(of: letter) != nil }

    private static func columns(of letter: Character) -> [UInt8]? {
        guard let code = letter.uppercased().unicodeScalars.first?.value, code >= 32, code - 32 < glyphs.count else { return nil }
        let packed = glyphs[Int(code) - 32]
        return (0..<width).map { UInt8(truncatingIfNeeded: packed >> UInt64((width - 1 - $0) * 8)) }
    }

    /// From the space to Z, in the order of ASCII: five columns each, the lowest bit on top.
    private static let glyphs: [UInt64] = [
        0x00_00_00_00_00, 0x00_00_5F_00_00, 0x00_07_00_07_00, 0x14_7F_14_7F_14, 0x24_2A_7F_2A_12, 0x23_13_08_64_62,
        0x36_49_56_20_50, 0x00_08_07_03_00, 0x00_1C_22_41_00, 0x00_41_22_1C_00, 0x2A_1C_7F_1C_2A, 0x08_08_3E_08_08,
        0x00_40_30_00_00, 0x08_08_08_08_08, 0x00_00_60_60_00, 0x20_10_08_04_02, 0x3E_51_49_45_3E, 0x00_42_7F_40_00,
        0x72_49_49_49_46, 0x21_41_49_4D_33, 0x18_14_12_7F_10, 0x27_45_45_45_39, 0x3C_4A_49_49_31, 0x41_21_11_09_07,
        0x36_49_49_49_36, 0x46_49_49_29_1E, 0x00_00_14_00_00, 0x00_40_34_00_00, 0x00_08_14_22_41, 0x14_14_14_14_14,
        0x00_41_22_14_08, 0x02_01_59_09_06, 0x3E_41_5D_59_4E, 0x7C_12_11_12_7C, 0x7F_49_49_49_36, 0x3E_41_41_41_22,
        0x7F_41_41_41_3E, 0x7F_49_49_49_41, 0x7F_09_09_09_01, 0x3E_41_41_51_73, 0x7F_08_08_08_7F, 0x00_41_7F_41_00,
        0x20_40_41_3F_01, 0x7F_08_14_22_41, 0x7F_40_40_40_40, 0x7F_02_1C_02_7F, 0x7F_04_08_10_7F, 0x3E_41_41_41_3E,
        0x7F_09_09_09_06, 0x3E_41_51_21_5E, 0x7F_09_19_29_46, 0x26_49_49_49_32, 0x03_01_7F_01_03, 0x3F_40_40_40_3F,
        0x1F_20_40_20_1F, 0x3F_40_38_40_3F, 0x63_14_08_14_63, 0x03_04_78_04_03, 0x61_59_49_4D_43,
    ]
}
