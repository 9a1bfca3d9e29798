/// Capital letters, in any alphabet that has them.
enum Capitals {
    /// Whether there is a capital letter and no small one.
    static func isAll(_ words: ArraySlice<UInt8>) -> Bool {
        var hasCapital = false
        for byte in words {
            if byte >= 0x80 { return isAllUnicode(words.text) }
            if byte.isSmall { return false }
            if byte.isCapital { hasCapital = true }
        }
        return hasCapital
    }

    private static func isAllUnicode(_ words: String) -> Bool {
        var hasCapital = false
        for scalar in words.unicodeScalars {
            if isSmall(scalar) { return false }
            if scalar.properties.isUppercase { hasCapital = true }
        }
        return hasCapital
    }

    /// Not `ß`, which stands in capitals as it is, nor `º` and `ª`: a small letter is one that has a capital letter.
    private static func isSmall(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.properties.isLowercase else { return false }
        let capital = scalar.properties.uppercaseMapping.unicodeScalars
        return capital.count == 1 && capital.first != scalar
    }
}
