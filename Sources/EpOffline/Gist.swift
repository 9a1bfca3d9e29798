/// Picks from a source what an episode has time for.
extension Source.Section {
    /// The sentence that best says what the section is about: it stands alone, is short, and has the heading's words.
    var keySentence: Sentence? {
        let about = Set((heading.map(Words.split) ?? []).map(Words.bare).filter { !Sentence.functionWords.contains($0) })
        var best: (score: Int, sentence: Sentence)?
        for sentence in sentences where !sentence.isQuestion {
            var score = 3 * sentence.contentWords.intersection(about).count
            if sentence.isDependent { score -= 6 }
            if !(5...20).contains(sentence.words.count) { score -= 4 }
            if sentence.bare.contains("so") || sentence.bare.contains("because") { score += 3 }
            if Move(sentence) == .toListener || sentence.bare.contains("people") { score -= 4 }
            // The first of equals.
            if score > best?.score ?? .min { best = (score, sentence) }
        }
        return best?.sentence
    }

    /// The first paragraphs, as many as fit: who writes a text puts what matters first, and a paragraph cut in two loses its
    /// conclusion. Only a first paragraph that is too long is cut. Steps are kept whole.
    /// - Parameter wordLimit: of all paragraphs together; the first sentence of the section stays whatever its length.
    /// - Parameter isNeeded: a paragraph with such a sentence is kept whole wherever it stands.
    func shortened(to wordLimit: Int, keeping isNeeded: (Sentence) -> Bool = { _ in false }) -> Source.Section {
        var section = Source.Section(heading: heading)
        var words = 0
        var isFull = false
        for block in blocks {
            guard case .paragraph(let sentences) = block, !sentences.contains(where: isNeeded) else {
                section.blocks.append(block)
                continue
            }
            let length = sentences.reduce(0) { $0 + $1.words.count }
            isFull = isFull || words > 0 && words + length > wordLimit
            if isFull { continue }
            section.blocks.append(.paragraph(Self.leading(sentences, words: wordLimit)))
            words += length
        }
        return section
    }

    /// The first sentences, one at least, up to so many words.
    private static func leading(_ sentences: [Sentence], words limit: Int) -> [Sentence] {
        var words = 0
        return sentences.enumerated().prefix { index, sentence in
            words += sentence.words.count
            return index == 0 || words <= limit
        }.map(\.element)
    }

    /// Without some sentences, such as those that an earlier episode has told.
    func without(_ sentences: Set<String>) -> Source.Section {
        guard !sentences.isEmpty else { return self }
        var section = Source.Section(heading: heading)
        section.blocks = blocks.compactMap { block in
            guard case .paragraph(let all) = block else { return block }
            let rest = all.filter { !sentences.contains($0.text) }
            return rest.isEmpty ? nil : .paragraph(rest)
        }
        return section
    }

    /// As Markdown, which `Source` reads back as the same section.
    var markdown: String {
        var parts: [String] = heading.map { ["## \($0)"] } ?? []
        for block in blocks {
            switch block {
            case .paragraph(let sentences): parts.append(sentences.map(\.text).joined(separator: " "))
            case .steps(let steps):
                let lines = steps.enumerated().map { "\($0 + 1). \($1.map(\.text).joined(separator: " "))" }
                parts.append(lines.joined(separator: "\n"))
            }
        }
        return parts.joined(separator: "\n\n")
    }
}

extension Source {
    /// Text before the first heading, if there are headings.
    var introduction: Section? {
        sections.count > 1 && sections[0].heading == nil ? sections[0] : nil
    }

    /// The sections that explain; a text without headings is divided by its paragraphs into at most three.
    var body: [Section] {
        let rest = introduction == nil ? sections : Array(sections.dropFirst())
        guard rest.count == 1, let only = rest.first, only.heading == nil, !only.hasSteps else { return rest }
        let parts = Self.divided(only.blocks, into: min(3, only.blocks.count)) { block in
            block.sentences.reduce(0) { $0 + $1.words.count }
        }
        return parts.map { Section(heading: nil, blocks: $0) }
    }

    /// Words that are written with a capital inside a sentence, in lower case: names.
    var names: Set<String> {
        var names: Set<String> = []
        for sentence in sections.flatMap(\.sentences) {
            for (word, bare) in zip(sentence.words, sentence.bare).dropFirst() where word.first?.isUppercase ?? false {
                names.insert(bare)
            }
        }
        return names
    }

    /// Neighbours in so many groups of about the same weight, none of them empty.
    static func divided<Element>(_ list: [Element], into count: Int, weight: (Element) -> Int) -> [[Element]] {
        guard count > 0, !list.isEmpty else { return [] }
        let total = max(1, list.reduce(0) { $0 + weight($1) })
        var groups: [[Element]] = [[]]
        var sum = 0
        for (index, element) in list.enumerated() {
            let isLate = sum * count >= total * groups.count
            let mustBegin = list.count - index == count - groups.count
            if groups.count < count, !groups[groups.count - 1].isEmpty, isLate || mustBegin { groups.append([]) }
            groups[groups.count - 1].append(element)
            sum += weight(element)
        }
        return groups
    }
}
