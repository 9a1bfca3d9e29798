/// Sentences of any language that writes with blanks and full stops.
enum SpokenSentences {
    /// Each ends with its sign. A number or an abbreviation with a full stop ends none, if small letters or a figure follow.
    static func split(_ text: String) -> [String] {
        var (sentences, words): ([String], [Substring]) = ([], [])
        let all = text.split(whereSeparator: \.isWhitespace)
        for (index, word) in all.enumerated() {
            words.append(word)
            guard let sign = word.last(where: { !"\"')]”’»«".contains($0) }), ".!?…:。！？".contains(sign) else { continue }
            let following = index + 1 < all.count ? all[index + 1].first { $0.isLetter || $0.isNumber || $0 == "¿" || $0 == "¡" } : nil
            // What leads up to something ends with a colon, if what follows begins as a sentence does.
            if let following, following.isLowercase || sign == ":" && !following.isUppercase { continue }
            // "am 5. Mai", "J. Verne": a figure or one letter with a full stop goes on.
            if sign == ".", index + 1 < all.count, word.count <= 3,
                word.dropLast().allSatisfy(\.isNumber) || (word.count == 2 && word.first != "I" && word.first?.isUppercase == true)
            {
                continue
            }
            sentences.append(words.joined(separator: " "))
            words = []
        }
        if !words.isEmpty { sentences.append(words.joined(separator: " ")) }
        return sentences.map(ended)
    }

    static func ended(_ text: String) -> String {
        guard let sign = text.last(where: { !"\"')]”’»« ".contains($0) }) else { return text }
        return ".!?…:。！？".contains(sign) ? text : unended(text) + "."
    }

    /// Without the sign at its end.
    static func unended(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, ".!?,;:…- ".contains(last) { text.removeLast() }
        return String(text)
    }

    static func wordCount(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// The words alone, in small letters.
    static func bare(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    /// Words that carry a meaning: long ones, by their beginnings, so that "tide" is found in "tides".
    static func content(_ text: String) -> Set<String> {
        Set(
            bare(text).split(separator: " ").filter { $0.count > 3 && !common.contains(String($0)) }.map {
                String($0.prefix(max(4, $0.count - 2)))
            })
    }

    private static let common: Set<String> = [
        "what", "when", "where", "does", "with", "that", "this", "from", "have", "your", "they", "then", "than", "will", "also", "into",
        "there",
        "eine", "einer", "einen", "einem", "sich", "nicht", "oder", "auch", "wird", "sind", "haben", "warum", "wenn", "dann", "dass",
        "über",
        "unter", "diese", "dieser",
        "como", "cómo", "para", "pero", "este", "esta", "esto", "cuando", "porque", "sobre", "entre", "donde", "dónde", "también", "todo",
        "hacia",
    ]
}
