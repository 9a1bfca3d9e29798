/// The bytes that mean something in Fountain.
extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")

    /// A space or a tab.
    var isBlank: Bool { self == .space || self == .tab }
    /// A vertical tab or a form feed.
    var isFeed: Bool { self == 0x0B || self == 0x0C }
    var isLineEnd: Bool { self == .lineFeed || self == .carriageReturn }
    var isDigit: Bool { self >= 48 && self <= 57 }
    var isCapital: Bool { self >= 65 && self <= 90 }
    var isSmall: Bool { self >= 97 && self <= 122 }
    /// A letter or digit; every byte outside ASCII counts as one.
    var isAlphanumeric: Bool { self >= 0x80 || isCapital || isSmall || isDigit }
    var asSmall: UInt8 { isCapital ? self + 32 : self }
}

extension [UInt8] {
    /// Where the text begins: behind the byte-order marks at its front, however many programs have put one there.
    var textStart: Int {
        var start = 0
        while start + 3 <= count, self[start] == 0xEF, self[start + 1] == 0xBB, self[start + 2] == 0xBF { start += 3 }
        return start
    }

    func has(_ byte: UInt8, at index: Int) -> Bool { index < endIndex && self[index] == byte }
}

extension ArraySlice<UInt8> {
    /// Without white space at either end.
    var trimmed: ArraySlice<UInt8> { trimmedFront.trimmedBack }

    var trimmedFront: ArraySlice<UInt8> {
        var start = self
        while start.afterBlank > start.startIndex { start = start[start.afterBlank...] }
        return start
    }

    /// Where it goes on behind one blank at its front; its start if none stands there.
    var afterBlank: Int {
        guard let first else { return startIndex }
        return startIndex + (first.isBlank || first.isFeed ? 1 : first >= 0x80 ? WideBlank.width(in: self, at: startIndex) : 0)
    }

    var trimmedBack: ArraySlice<UInt8> {
        var end = endIndex
        while end > startIndex {
            let last = self[end - 1]
            let width = last.isBlank || last.isFeed ? 1 : last >= 0x80 ? WideBlank.width(in: self, before: end) : 0
            if width == 0 { break }
            end -= width
        }
        return self[..<end]
    }

    /// With `\n` for every line end.
    var withoutCarriageReturns: ArraySlice<UInt8> {
        guard contains(.carriageReturn) else { return self }
        var result: [UInt8] = []
        for index in indices {
            if self[index] != .carriageReturn {
                result.append(self[index])
            } else if index + 1 == endIndex || self[index + 1] != .lineFeed {
                result.append(.lineFeed)
            }
        }
        return result[...]
    }

    var text: String { String(decoding: self, as: UTF8.self) }

    /// Whether it begins with an ASCII word, capitals and small letters alike.
    func begins(with word: StaticString) -> Bool {
        guard count >= word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount {
            guard self[startIndex + index].asSmall == word.utf8Start[index].asSmall else { return false }
        }
        return true
    }

    /// Whether it ends with an ASCII word, exactly so.
    func ends(with word: StaticString) -> Bool {
        guard count >= word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount {
            guard self[endIndex - word.utf8CodeUnitCount + index] == word.utf8Start[index] else { return false }
        }
        return true
    }
}
