/// Running text: its sentences, and how much of it can be said in one go.
enum Prose {
    static func wordCount(_ text: String) -> Int {
        let blanks = text.split(whereSeparator: \.isWhitespace).count
        // Where no blanks stand between words, two signs are about one.
        let signs = text.unicodeScalars.count { isWithoutBlanks($0) }
        return max(blanks, signs / 2)
    }

    private static func isWithoutBlanks(_ scalar: Unicode.Scalar) -> Bool {
        (0x0E00...0x0EFF).contains(scalar.value) || (0x1780...0x17FF).contains(scalar.value) || (0x3040...0x9FFF).contains(scalar.value)
    }

    /// Parts of a text that have at most so many words, cut between sentences. A sentence is never cut.
    static func parts(of text: String, atMost limit: Int) -> [String] {
        guard wordCount(text) > limit else { return text.isEmpty ? [] : [text] }
        var (parts, part, count): ([String], [String], Int) = ([], [], 0)
        for sentence in sentences(of: text) {
            let words = wordCount(sentence)
            if count + words > limit, !part.isEmpty {
                parts.append(part.joined(separator: " "))
                (part, count) = ([], 0)
            }
            part.append(sentence)
            count += words
        }
        return part.isEmpty ? parts : parts + [part.joined(separator: " ")]
    }

    /// A sentence ends with its sign before a blank, unless what follows goes on in small letters.
    static func sentences(of text: String) -> [String] {
        var (sentences, words): ([String], [Substring]) = ([], [])
        let all = text.split(whereSeparator: \.isWhitespace)
        for (index, word) in all.enumerated() {
            words.append(word)
            let following = index + 1 < all.count ? all[index + 1] : nil
            guard endsSentence(word), following.map(beginsSentence) ?? true, !isAbbreviation(word) else { continue }
            sentences.append(words.joined(separator: " "))
            words = []
        }
        if !words.isEmpty { sentences.append(words.joined(separator: " ")) }
        // Scripts without blanks end sentences with signs of their own.
        return sentences.flatMap(divided)
    }

    private static func divided(_ sentence: String) -> [String] {
        guard sentence.contains(where: { "。！？".contains($0) }) else { return [sentence] }
        var (parts, part) = ([String](), "")
        for character in sentence {
            part.append(character)
            if "。！？".contains(character) {
                parts.append(part)
                part = ""
            }
        }
        return part.isEmpty ? parts : parts + [part]
    }

    private static let closers: Set<Character> = ["\"", "'", ")", "]", "”", "’", "»", "«"]

    private static func endsSentence(_ word: Substring) -> Bool {
        word.last { !closers.contains($0) }.map { ".!?…".contains($0) } ?? false
    }

    private static func beginsSentence(_ word: Substring) -> Bool {
        guard let letter = word.first(where: { $0.isLetter || $0.isNumber }) else { return true }
        return !letter.isLowercase
    }

    private static let abbreviations: Set<String> = [
        "mr.", "mrs.", "ms.", "dr.", "st.", "prof.", "e.g.", "i.e.", "etc.", "vs.", "no.", "fig.", "ca.", "approx.", "z.b.", "d.h.", "bzw.",
        "usw.", "nr.", "sr.",
        "sra.", "ud.", "uds.", "p.ej.", "núm.", "u.a.", "v.chr.", "n.chr.",
    ]

    private static func isAbbreviation(_ word: Substring) -> Bool {
        let known = word.lowercased().drop { "(\"'„“".contains($0) }
        if abbreviations.contains(String(known)) { return true }
        // "J. Verne": a letter alone; "12. Mai": a number is no sentence in most languages, but may end one.
        return word.count == 2 && word.last == "." && word.first?.isUppercase == true && word.first != "I"
    }

    /// With a sign at its end.
    static func sentence(_ text: String) -> String {
        guard let last = text.last(where: { !closers.contains($0) && !$0.isWhitespace }) else { return text }
        if ".!?…。！？".contains(last) { return text }
        return ":;,–—-".contains(last) ? "\(text.dropLast().trimmed)." : text + "."
    }

    /// A list as it is said: short items in one sentence, each other one in its own.
    static func listed(_ items: [String]) -> [String] {
        let areShort = items.count > 1 && items.allSatisfy { wordCount($0) <= 4 && !$0.contains { ".!?:;,".contains($0) } }
        return areShort ? [items.joined(separator: ", ") + "."] : items.map { sentence($0.prefix(1).uppercased() + $0.dropFirst()) }
    }

    /// An item of a list as it is shown: its first sentence, without a full stop, and only what stands before a colon or a dash where that
    /// is short.
    static func point(_ item: String) -> String {
        var text = sentences(of: item).first ?? item
        if wordCount(text) > 8 {
            for mark in [": ", " – ", " — "] {
                guard let range = text.firstRange(of: mark), (1...6).contains(wordCount(String(text[..<range.lowerBound]))) else {
                    continue
                }
                text = String(text[..<range.lowerBound])
            }
        }
        return text.last == "." && !text.hasSuffix("..") ? String(text.dropLast()) : text
    }

    /// A list in parts of about the same length.
    static func divided(_ items: [String], atMost limit: Int) -> [[String]] {
        guard items.count > limit else { return items.isEmpty ? [] : [items] }
        let count = (items.count + limit - 1) / limit
        return (0..<count).map { Array(items[items.count * $0 / count..<items.count * ($0 + 1) / count]) }
    }
}
