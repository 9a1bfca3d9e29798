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
    /// What follows the first letter of each word; nil if a word has other letters than ASCII has.
    private let tails: [[UInt8]]?

    /// - Parameter words: a word, or some with a space between, and how it is said.
    public init(_ words: [(word: String, said: String)]) {
        entries = words.map { Entry(word: Array($0.word), said: $0.said) }.filter { !$0.word.isEmpty }.sorted {
            $0.word.count > $1.word.count
        }
        tails = words.allSatisfy { $0.word.utf8.allSatisfy { $0 < 0x80 } } ? entries.map { Array(String($0.word[1...]).utf8) } : nil
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
        guard let tails else { return true }
        var text = text
        return text.withUTF8 { bytes in
            // Three signs are equal to letters of ASCII without having their bytes, and a line end of two is one letter.
            let isPlain = !bytes.contains(0x0D) && !Self.lookalikes.contains { bytes.contains($0) }
            return !isPlain || tails.contains { bytes.contains($0) }
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
    fileprivate func contains(_ wanted: [UInt8]) -> Bool {
        guard let start = baseAddress, let first = wanted.first else { return wanted.isEmpty }
        var place = 0
        while count - place >= wanted.count, let found = memchr(start + place, Int32(first), count - place - wanted.count + 1) {
            if memcmp(found, wanted, wanted.count) == 0 { return true }
            place = found - UnsafeMutableRawPointer(mutating: start) + 1
        }
        return false
    }
}
