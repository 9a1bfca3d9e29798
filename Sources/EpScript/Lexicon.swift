import Glibc

/// How words are to be said that a voice would get wrong: other letters for them, which only the voice is given.
///
/// A word stands for itself wherever no letter or digit is beside it. One in small letters is also meant where its first letter is a
/// capital; one with capitals only where it has them. Of words that begin at one place the longest counts.
public struct Lexicon: Hashable, Sendable {
    private struct Entry: Hashable {
        let word: [Character]
        let said: String
    }

    /// The longest first.
    private let entries: [Entry]
    /// The bytes of each word; nil if one has other letters than ASCII has.
    private let plainWords: [[UInt8]]?

    /// - Parameter words: a word, or some with a space between, and how it is said.
    public init(_ words: [(word: String, said: String)]) {
        entries = words.map { Entry(word: Array($0.word), said: $0.said) }.filter { !$0.word.isEmpty }.sorted {
            $0.word.count > $1.word.count
        }
        plainWords = words.allSatisfy { $0.word.utf8.allSatisfy { $0 < 0x80 } } ? entries.map { Array(String($0.word).utf8) } : nil
    }

    /// A text with other letters where its words say so. What is put in is not looked at again.
    public func said(_ text: String) -> String {
        guard !entries.isEmpty, mayStand(in: text) else { return text }
        let letters = Array(text)
        var (said, index) = ("", 0)
        while index < letters.count {
            if !letters[..<index].endsInWord, let entry = entries.first(where: { Self.stands($0.word, in: letters, at: index) }) {
                said += entry.said
                index += entry.word.count
            } else {
                said.append(letters[index])
                index += 1
            }
        }
        return said
    }

    /// False if a look at the bytes tells that no word stands there, as in most lines: to take a text apart into letters takes much longer.
    private func mayStand(in text: String) -> Bool {
        guard let plainWords else { return true }
        var text = text
        return text.withUTF8 { bytes in
            // Three signs are equal to letters of ASCII without having their bytes, and a line end of two is one letter.
            let isPlain = !bytes.contains(0x0D) && !Self.lookalikes.contains { bytes.contains($0) }
            return !isPlain || plainWords.contains { bytes.mayHold($0) }
        }
    }

    /// How the signs for Kelvin, the Greek question mark and the Greek grave accent begin in UTF-8.
    private static let lookalikes: [[UInt8]] = [[0xE2, 0x84], [0xCD, 0xBE], [0xE1, 0xBF]]

    private static func stands(_ word: [Character], in letters: [Character], at start: Int) -> Bool {
        let end = start + word.count
        guard end <= letters.count, letters[(start + 1)..<end] == word[1...] else { return false }
        guard letters[start] == word[0] || word[0].isLowercase && String(letters[start]) == word[0].uppercased() else { return false }
        return end == letters.count || !(letters[end].isLetter || letters[end].isNumber)
    }
}

extension ArraySlice<Character> {
    fileprivate var endsInWord: Bool { last.map { $0.isLetter || $0.isNumber } ?? false }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func contains(_ wanted: [UInt8]) -> Bool { place(of: wanted[...], from: 0) != nil }

    /// True if a word of ASCII may stand there by itself, its first letter a capital or not.
    fileprivate func mayHold(_ word: [UInt8]) -> Bool {
        let (first, tail) = (word[0], word[1...])
        // The letter of a word of one letter may be either.
        guard !tail.isEmpty else { return contains { $0 | 0x20 == first | 0x20 } }
        var next = 1
        while let place = place(of: tail, from: next) {
            let isBegun = self[place - 1] | 0x20 == first | 0x20 && (place == 1 || !self[place - 2].isLetterOfASCII)
            let end = place + tail.count
            if isBegun, end == count || !self[end].isLetterOfASCII { return true }
            next = place + 1
        }
        return false
    }

    private func place(of wanted: ArraySlice<UInt8>, from start: Int) -> Int? {
        guard let base = baseAddress, let first = wanted.first else { return nil }
        return wanted.withUnsafeBufferPointer { wanted in
            guard let bytes = wanted.baseAddress else { return nil }
            var place = start
            while count - place >= wanted.count, let found = memchr(base + place, Int32(first), count - place - wanted.count + 1) {
                place = found - UnsafeMutableRawPointer(mutating: base)
                if memcmp(found, bytes, wanted.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }
}

extension UInt8 {
    fileprivate var isLetterOfASCII: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}
