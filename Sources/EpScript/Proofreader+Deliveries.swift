import EpCore

/// Deliveries that are said aloud, or that have a typing error.
extension Proofreader {
    mutating func findDeliveries() {
        for line in lines where line.kind == .dialogue { findSpokenDelivery(line) }
        findMistypedDeliveries()
    }

    private mutating func findSpokenDelivery(_ line: WrittenLine) {
        let text = Emphasis.plain(line.text)
        guard let first = text.first else { return }
        if first == "(" || first == "（" {
            guard let close = text.firstIndex(where: { $0 == ")" || $0 == "）" }) else {
                return warn(
                    "a parenthesis opens here and is not closed, so it is spoken", at: line.location,
                    remedy: "close a delivery with ) at the end of its line")
            }
            return warn(
                "\(quoted(String(text[...close]))) stands before the words, so it is spoken", at: line.location,
                remedy: "put a delivery on a line of its own")
        }
        if first == "[", let close = text.firstIndex(of: "]"), text.prefix(5).uppercased() != "[SFX:" {
            return warn(
                "\(quoted(String(text[...close]))) is spoken", at: line.location,
                remedy: "put a delivery in parentheses on a line of its own, and a note in [[ ]]")
        }
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), isKnownDelivery(String(text[open...].dropFirst().dropLast())) else {
            return
        }
        warn(
            "\(quoted(String(text[open...]))) stands behind the words, so it is spoken", at: line.location,
            remedy: "put a delivery on a line of its own, above the words")
    }

    /// Whether the first word of a delivery, or all of it, is one that people use.
    func isKnownDelivery(_ delivery: String, ofShowOnly: Bool = false) -> Bool {
        let ofShow = Set(show.deliveries.map { $0.lowercased() })
        return Deliveries.words(of: delivery).contains(where: ofShow.contains) || (!ofShowOnly && Deliveries.isUsual(delivery))
    }

    /// `(curiuos)`: a word that comes once, and is one slip away from one that is known.
    private mutating func findMistypedDeliveries() {
        var counts: [String: Int] = [:]
        let found = lines.filter { $0.kind == .parenthetical }.map { ($0.location, Deliveries.words(of: $0.text)) }
        for (_, words) in found { for word in words { counts[word, default: 0] += 1 } }
        let known = Deliveries.usual.union(show.deliveries.map { $0.lowercased() }).union(counts.filter { $0.value >= 3 }.keys)
        var near = NearName(known.sorted())
        for (place, words) in found {
            for word in words where counts[word] == 1 && !known.contains(word) && word.count >= 5 {
                guard let meant = near.nearest(to: word, where: { $0.count >= 5 && !Deliveries.areForms(word, $0) }) else { continue }
                warn(
                    "the delivery \(quoted("(\(word))")) is nearly \(quoted("(\(meant))"))", at: place,
                    remedy: "did you mean \(quoted(meant))?")
            }
        }
    }
}

/// How people say that a line is to be spoken.
public enum Deliveries {
    /// Whether a few words begin with one that people use for it.
    public static func isUsual(_ delivery: String) -> Bool {
        let words = words(of: delivery)
        guard let first = words.first, words.count <= 4 else { return false }
        return usual.contains(first) || first.hasSuffix("ly")
    }

    static func words(of delivery: String) -> [String] {
        delivery.lowercased().split { !$0.isLetter && $0 != "-" && $0 != "'" }.map(String.init)
    }

    /// Two forms of one word: `whispers` and `whispered`.
    static func areForms(_ left: String, _ right: String) -> Bool {
        let common = zip(left, right).prefix { $0 == $1 }.count
        return common + 1 >= min(left.count, right.count)
    }

    /// Words that stand alone as deliveries in many scripts.
    public static let usual: Set<String> = Set("""
        absently accusing admiring afraid aggravated agitated alarmed aloud amazed amused angry angrily annoyed anxious apologetic appalled aside ashamed assertive astonished
        awed awkward baffled beaming beat begging bemused bewildered bitter blank bored bossy brave breathing breathless breathlessly bright brightly brisk brusque calling calm calmly
        carefully cautious cautiously cautioning cheerful cheerfully cheery chuckles chuckling clearing closer coaxing cold coldly concerned condescending confident confused
        confusedly conspiratorial contemptuous continuing cool correcting coughing coughs crying curious curiously curt cynical dark dazed deadpan defeated defensive defiant
        delighted demanding desperate desperately determined disappointed disbelieving disdainful disgusted dismissive distant distracted distressed doubtful dreamily dreamy drily dry dryly
        eager eagerly echoing embarrassed emotional encouraging energetic enthusiastic enthusiastically even evenly exasperated excited excitedly exhausted faint faintly fast
        fearful fierce firm firmly flat flatly flirting flustered fondly formal frantic frantically friendly frightened frustrated furious furiously gasping gasps gentle gently giggles giggling
        gloomy grateful grave gravely grim grinning groaning gruff grumbling guilty happily happy harsh harshly hesitant hesitating hissing hoarse hopeful horrified hurried hurt
        hushed hysterical icy imitating impatient impatiently impressed incredulous indignant innocent innocently insistent intense interested interrupting ironic ironically irritated joking
        joyful kind kindly laughing laughs loud louder loudly lying meekly mischievous mocking moved mumbling murmuring musing mutters muttering nervous nervously neutral nodding
        nonchalant offended outraged overlapping overwhelmed panicked panicking panting patient patiently pause pauses playful playfully pleading pleased pleasantly polite politely pondering
        praying proud proudly puzzled quick quickly quiet quieter quietly rapidly rapt raspy reading realizing reassuring recovering reflective relaxed relieved relishing reluctant reluctantly
        repeating resigned respectful reverent rough sad sadly sarcastic sarcastically scared sceptical scoffing scolding screaming screams secretive seductive serious seriously shaken shaking sharp
        sharply sheepish shocked shouting shouts shrieking shrugging shrugs shy shyly sighing sighs silent silently sincere singing sings skeptical sleepily sleepy slow slower slowly sly small
        smiles smiling smirking smug sniffing sniffling snorting sobbing sobs soft softer softly solemn solemnly sombre sorrowful speechless squealing stammering startled stern sternly stiffly
        stunned stuttering subdued suddenly sullen surprised suspicious suspiciously sweet sweetly sympathetic taunting teary tearful tearfully teasing tense tentative terrified thinking thoughtful
        thoughtfully threatening thrilled timid tired tiredly touched trailing trembling triumphant triumphantly troubled unconvinced under understanding uneasy unimpressed unsure upset urgent urgently
        vague wailing warily warm warmly warning wary weak weakly weary weeping whisper whispered whispering whispers wistful wondering worried wounded wry wryly yawning yelling yells
        """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
