import EpCore

/// What is said in one scene.
struct Narration {
    private(set) var text = ""
    private let scene: Value
    private let kind: String
    private let words: NarrationWords
    private let heading: String
    private let variation: String

    /// - Parameter isNewSection: true if its heading has not been said before.
    init(_ scene: Value, kind: String, _ words: NarrationWords, isNewSection: Bool, variation: String) {
        (self.scene, self.kind, self.words, self.variation) = (scene, kind, words, variation)
        heading = scene["title"].text ?? ""
        let sentences = SpokenSentences.split(words.spoken(scene["narration"].text ?? ""))
        switch kind {
        case "title": text = opening(sentences)
        case "list": text = joined(lead(sentences, isNewSection) + list(sentences))
        case "quote": text = joined(lead(sentences, isNewSection) + quotation(sentences))
        case "end": text = joined(sentences)
        default: text = joined(lead(sentences, isNewSection) + sentences)
        }
    }

    private func joined(_ sentences: [String]) -> String { sentences.filter { !$0.isEmpty }.joined(separator: " ") }

    private func chosen(_ phrases: [String], by seed: String) -> String {
        phrases.isEmpty ? "" : phrases[Int(StableHash.of(seed + variation) % UInt64(phrases.count))]
    }

    /// The title is said first, and then what is to come.
    private func opening(_ sentences: [String]) -> String {
        let title = SpokenSentences.ended(words.spoken(heading))
        guard !title.isEmpty else { return joined(sentences) }
        let rest = sentences.first.map(SpokenSentences.bare) == SpokenSentences.bare(title) ? Array(sentences.dropFirst()) : sentences
        return joined([title] + (rest.isEmpty ? [chosen(words.beginnings, by: title)] : rest))
    }

    /// A heading that asks is asked; another is told only where what follows would not say what it is about.
    private func lead(_ sentences: [String], _ isNewSection: Bool) -> [String] {
        guard isNewSection, kind != "image" else { return [] }
        let spoken = words.spoken(heading)
        if heading.hasSuffix("?") { return sentences.first == spoken ? [] : [spoken] }
        guard let first = sentences.first, words.language != nil else { return [] }
        let said = SpokenSentences.content(first), topic = SpokenSentences.content(spoken)
        guard !topic.isEmpty, said.isDisjoint(with: topic) else { return [] }
        return [chosen(words.leads, by: heading).replacing("{topic}", with: SpokenSentences.unended(spoken))]
    }

    /// The items of a list behind what leads up to them: short ones in one sentence, others counted.
    private func list(_ sentences: [String]) -> [String] {
        let points = scene["points"].strings.map(words.spoken)
        guard points.count > 1, let language = words.language else { return sentences }
        // What the list says is at the end of the narration: in one sentence, or in one and more for each point.
        let items = Narration.items(sentences, points)
        let leading = items.map { Array(sentences.prefix($0.start)) } ?? Narration.withoutSeries(sentences, points)
        if points.allSatisfy({ SpokenSentences.wordCount($0) <= 4 }), items == nil || items?.isPlain == true {
            let series = words.series(points.map { SpokenSentences.unended($0) })
            guard let last = leading.last else { return [chosen(words.shortLists, by: series).replacing("{list}", with: series)] }
            let own = chosen(words.shortLists, by: series).replacing("{list}", with: series)
            let all = last.hasSuffix(":") ? [SpokenSentences.unended(last) + ": " + series + "."] : [last, own]
            return leading.dropLast() + all
        }
        guard let items else { return sentences }
        let count = chosen(words.counted, by: heading).replacing("{count}", with: words.number(points.count))
        let intro = leading.isEmpty ? [Self.capitalized(count)] : leading.map { $0.hasSuffix(":") ? SpokenSentences.unended($0) + "." : $0 }
        let told = items.groups.enumerated().map { index, group -> String in
            guard let first = group.first, points.count <= words.ordinals.count || index < words.ordinals.count else {
                return joined(group)
            }
            let ordinal = index == points.count - 1 && index > 1 ? words.lastly : words.ordinals[index]
            return joined(["\(ordinal) \(language.lowered(first))"] + group.dropFirst())
        }
        return intro + told
    }

    /// What stands before the points where they are the end of the last sentence: `You need:`.
    private static func withoutSeries(_ sentences: [String], _ points: [String]) -> [String] {
        guard let last = sentences.last, SpokenSentences.bare(last).hasSuffix(SpokenSentences.bare(points.joined(separator: " "))) else {
            return sentences
        }
        let before = last.firstIndex(of: ":").map { [String(last[...$0])] } ?? []
        return sentences.dropLast() + before
    }

    private struct Items {
        /// The first sentence of the first item.
        let start: Int
        let groups: [[String]]
        /// True if the items say no more than the points.
        let isPlain: Bool
    }

    /// Which sentences belong to which point: each begins with the one that begins as the point does.
    private static func items(_ sentences: [String], _ points: [String]) -> Items? {
        var starts: [Int] = []
        var next = 0
        for point in points {
            let key = SpokenSentences.bare(point)
            guard let found = (next..<sentences.count).first(where: { SpokenSentences.bare(sentences[$0]).hasPrefix(key) }) else {
                return nil
            }
            starts.append(found)
            next = found + 1
        }
        guard let first = starts.first else { return nil }
        let ends = starts.dropFirst() + [sentences.count]
        let groups = zip(starts, ends).map { Array(sentences[$0..<$1]) }
        let isPlain = zip(groups, points).allSatisfy { $0.count == 1 && SpokenSentences.bare($0[0]) == SpokenSentences.bare($1) }
        return Items(start: first, groups: groups, isPlain: isPlain)
    }

    /// Who said it is told before what was said.
    private func quotation(_ sentences: [String]) -> [String] {
        let quoted = SpokenSentences.split(words.spoken(scene["text"].text ?? ""))
        guard !quoted.isEmpty else { return sentences }
        let by = scene["by"].text.map(words.spoken) ?? ""
        let known = Set((quoted + [by]).map(SpokenSentences.bare))
        let leading = sentences.filter { !known.contains(SpokenSentences.bare($0)) }
        let who = words.language?.lowered(SpokenSentences.unended(by)) ?? by
        let frame = by.isEmpty ? [] : [Self.capitalized(chosen(words.quoting, by: by).replacing("{by}", with: who))]
        return leading.map { $0.hasSuffix(":") ? SpokenSentences.unended($0) + "." : $0 } + frame + quoted
    }

    private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// What is shown of a text while it is said: its first sentence that is short and stands by itself.
    var keySentence: String? {
        let sentences = SpokenSentences.split(scene["narration"].text ?? "").filter { !$0.hasSuffix("?") && !$0.hasSuffix(":") }
        let fitting = sentences.filter { (4...20).contains(SpokenSentences.wordCount($0)) }
        return fitting.max { score($0, sentences) < score($1, sentences) }
            ?? sentences.min { SpokenSentences.wordCount($0) < SpokenSentences.wordCount($1) }
    }

    /// A sentence counts that is about the heading, is near the beginning, and does not lean on the one before.
    private func score(_ sentence: String, _ all: [String]) -> Int {
        let about = SpokenSentences.content(sentence).intersection(SpokenSentences.content(heading)).count
        let place = all.firstIndex(of: sentence) ?? 0
        let first = SpokenSentences.bare(sentence).split(separator: " ").first.map(String.init) ?? ""
        return about - place * 2 - (words.leaning.contains(first) ? 5 : 0)
    }

    /// How long it must be seen though little is said.
    var leastSeconds: Double? {
        switch kind {
        case "title", "end": 4
        case "code": max(6, Double((scene["text"].text ?? "").split(separator: "\n").count) * 1.5).rounded()
        default: nil
        }
    }
}
