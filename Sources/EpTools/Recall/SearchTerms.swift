import EpDelivery

/// A text as the words by which it is found: what stands between blanks and signs, and of scripts without blanks every two neighbours.
///
/// Case and accents are left to the tokenizer of SQLite (`unicode61`), for texts and questions alike.
struct SearchTerms {
    /// In the order of the text.
    let all: [String]

    init(_ text: String) {
        var terms: [String] = []
        var word = String.UnicodeScalarView()
        var run: [Unicode.Scalar] = []
        func endWord() {
            if !word.isEmpty { terms.append(String(word)) }
            word.removeAll()
        }
        func endRun() {
            if run.count == 1 { terms.append(String(run[0])) }
            for (first, second) in zip(run, run.dropFirst()) { terms.append(String(first) + String(second)) }
            run.removeAll()
        }
        for scalar in text.unicodeScalars {
            if scalar.isUnspaced {
                endWord()
                run.append(scalar)
            } else {
                endRun()
                if scalar.isWordLetter { word.append(scalar) } else { endWord() }
            }
        }
        endWord()
        endRun()
        all = terms
    }

    /// The text that is put into an index.
    var indexed: String { all.joined(separator: " ") }

    /// A question that any of the terms answers, in the language of FTS5: each is quoted, so that none is taken for a part of that
    /// language. Nil if there is nothing to ask.
    var question: String? {
        var seen: Set<String> = []
        let distinct = all.filter { seen.insert($0).inserted }.prefix(Self.most)
        return distinct.isEmpty ? nil : distinct.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " OR ")
    }

    /// A scene has some 300 different words; more than this say nothing new.
    private static let most = 1_000
}
