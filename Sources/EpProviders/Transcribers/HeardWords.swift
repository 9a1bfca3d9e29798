/// The words of a text as they are heard: without case, marks and signs, and numbers in words.
public enum HeardWords {
    public static func of(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        func end() {
            if !word.isEmpty { words += Int(word).map(inWords) ?? [word] }
            word = ""
        }
        var isAfterDigit = false
        for character in text {
            switch character {
            case "'", "’": break
            // Within a number, it parts thousands.
            case "," where isAfterDigit: continue
            case _ where character.isLetter && isWord(character):
                end()
                words.append(String(character))
            case _ where character.isLetter || character.isNumber:
                if character.isNumber != (word.last?.isNumber ?? character.isNumber) { end() }
                word += (PlainLetters.of(character) ?? String(character)).lowercased()
            default: end()
            }
            isAfterDigit = character.isNumber
        }
        end()
        return words
    }

    /// True in scripts that put no spaces between words: each of their letters is compared.
    private static func isWord(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { scalar in
            [0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x3FFFF].contains {
                $0.contains(Int(scalar.value))
            }
        } ?? false
    }

    private static let ones = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen",
        "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

    /// In English: what hears other languages writes figures or words as the text does, or not.
    private static func inWords(_ number: Int) -> [String] {
        switch number {
        case 0..<20: [ones[number]]
        case 20..<100: [tens[number / 10]] + (number % 10 == 0 ? [] : [ones[number % 10]])
        case 100..<1000: [ones[number / 100], "hundred"] + (number % 100 == 0 ? [] : inWords(number % 100))
        case 1000..<1_000_000: inWords(number / 1000) + ["thousand"] + (number % 1000 == 0 ? [] : inWords(number % 1000))
        default: [String(number)]
        }
    }

    /// How many words must be changed, put in or taken out to make one text of the other.
    public static func errors(between heard: [String], and said: [String]) -> Int {
        var row = Array(0...said.count)
        for (index, word) in heard.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in said.indices {
                let above = row[place + 1]
                row[place + 1] = min(above + 1, row[place] + 1, diagonal + (word == said[place] ? 0 : 1))
                diagonal = above
            }
        }
        return row[said.count]
    }
}
