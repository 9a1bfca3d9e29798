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

    /// - Parameter words: a word, or some with a space between, and how it is said.
    public init(_ words: [(word: String, said: String)]) {
        entries = words.map { Entry(word: Array($0.word), said: $0.said) }.filter { !$0.word.isEmpty }.sorted {
            $0.word.count > $1.word.count
        }
    }

    /// A text with other letters where its words say so. What is put in is not looked at again.
    public func said(_ text: String) -> String {
        guard !entries.isEmpty else { return text }
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
