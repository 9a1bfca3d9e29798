/// What may be the name of somebody who speaks.
struct SpeakerName: Hashable {
    /// As it is written.
    let text: String
    /// `V.O.`, `CONT'D`
    var extensions: [String] = []
    /// What else stood in parentheses behind it.
    var deliveries: [String] = []
    /// Whether a time stood behind it, which is left out.
    var hasTime = false

    /// How much it looks like a name.
    enum Look: Int { case unlike, small, caseless, capitalised, capitals }
    private(set) var look = Look.unlike

    /// The same for all spellings of a name.
    var key: String { Self.key(text) }
    static func key(_ text: String) -> String { text.lowercased().folded }

    /// Longer ones are no names.
    private static let mostBytes = 400

    /// Reads `Sam`, `Sam (whispering)`, `SAM (V.O.)`, `Sam [00:07]`, `“Sam”`; nil if it looks like no name.
    init?(_ raw: some StringProtocol) {
        guard raw.utf8.count <= Self.mostBytes else { return nil }
        self.init(reading: raw)
        look = judged
        if look == .unlike { return nil }
    }

    /// Of whom the source itself says that they speak, whatever it looks like.
    init?(declared raw: some StringProtocol) {
        guard raw.utf8.count <= Self.mostBytes else { return nil }
        var name = raw.trimmed
        while let last = name.last, ":：*_".contains(last) { name = name.dropLast().trimmed }
        self.init(reading: name)
        if !text.contains(where: { $0.isLetter || $0.isNumber }) { return nil }
        look = judged
    }

    private init(reading raw: some StringProtocol) {
        let trimmed = raw.trimmed
        var rest = LineMarks.beforeTime(trimmed)
        hasTime = rest.endIndex < trimmed.endIndex
        var groups: [String] = []
        while let last = rest.last, let opener = ([")": "(", "]": "[", "）": "（"] as [Character: Character])[last],
            let start = rest.lastIndex(of: opener)
        {
            groups.insert(String(rest[rest.index(after: start)...].dropLast().trimmed), at: 0)
            let before = rest[..<start].trimmed
            rest = LineMarks.beforeTime(before)
            if rest.endIndex < before.endIndex { hasTime = true }
        }
        if let comma = rest.firstIndex(of: ","), rest[rest.index(after: comma)...].trimmed.first?.isLowercase == true {
            groups.insert(String(rest[rest.index(after: comma)...].trimmed), at: 0)
            rest = rest[..<comma].trimmed
        }
        text = Self.undressed(rest).folded
        for group in groups where !group.isEmpty {
            if LineMarks.afterTime(group[...], inBrackets: false)?.isEmpty == true {
                hasTime = true
            } else if Self.isExtension(group) {
                extensions.append(group)
            } else {
                deliveries.append(group)
            }
        }
    }

    /// Without emphasis, `@`, `^`, pictures, and quotation marks around all of it.
    private static func undressed(_ name: Substring) -> Substring {
        func isDress(_ character: Character) -> Bool {
            "*_`^@".contains(character) || character.isWhitespace
                || (!character.isASCII && character.unicodeScalars.first?.properties.isEmoji == true)
        }
        var name = name
        while let first = name.first, isDress(first) { name = name.dropFirst() }
        while let last = name.last, isDress(last) { name = name.dropLast() }
        let isQuoted =
            name.count > 2 && name.first.map { "\"“„«'‘".contains($0) } == true && name.last.map { "\"”“»'’".contains($0) } == true
        return isQuoted ? name.dropFirst().dropLast() : name
    }

    private static let known: Set<String> = [
        "vo", "os", "oc", "contd", "cont", "continued", "continuing", "off", "prelap", "intercom", "filtered", "onscreen", "offscreen",
    ]

    private static func isExtension(_ group: String) -> Bool {
        known.contains(String(group.lowercased().filter { $0.isLetter }))
    }

    private var judged: Look {
        guard text.utf8.count <= 240, let first = text.first, first.isLetter || first.isNumber else { return .unlike }
        let words = text.split(separator: " ")
        guard (1...8).contains(words.count), text.count <= 60,
            text.contains(where: \.isLetter), !text.contains(where: { "!?;:：=<>{}[]|\\*@…—–。！？、".contains($0) }), text.last != "-",
            !hasFullStop(words)
        else { return .unlike }
        let letters = text.filter(\.isLetter)
        if !letters.contains(where: { $0.isLowercase || $0.isUppercase }) { return letters.count <= 12 ? .caseless : .unlike }
        // Of so many words a headline consists.
        let isLong = words.count > 5
        if !letters.contains(where: \.isLowercase) { return isLong ? .small : .capitals }
        let areCapitalised = words.enumerated().allSatisfy { index, word in
            word.first.map { !$0.isLetter || !$0.isLowercase } == true || (index > 0 && Self.particles.contains(word.lowercased()))
        }
        return areCapitalised ? (isLong ? .small : .capitalised) : words.count <= 2 ? .small : .unlike
    }

    private static let particles: Set<String> = [
        "of", "the", "and", "de", "del", "der", "den", "van", "von", "da", "do", "dos", "di", "la", "le", "el", "al", "bin", "ibn", "und",
        "et", "y", "e", "och", "og", "ja", "to", "in", "on",
    ]

    private static let abbreviations: Set<String> = [
        "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "sr.", "jr.", "rev.", "gen.", "col.", "lt.", "capt.", "cpt.", "sgt.", "hr.", "fr.",
        "mme.", "mlle.", "sra.", "dra.", "no.", "nr.",
    ]

    /// A full stop ends a sentence, and is none behind a title or an initial: `Dr. Who`, `J. R. Ewing`.
    private func hasFullStop(_ words: [Substring]) -> Bool {
        words.contains { $0.last == "." && $0.count > 2 && !Self.abbreviations.contains($0.lowercased()) && !$0.dropLast().contains(".") }
    }

    /// Words with a colon that are about the script, and no speakers.
    static let others: Set<String> = [
        "note", "notes", "nb", "ps", "warning", "tip", "example", "title", "subtitle", "scene", "chapter", "act", "part", "section",
        "episode", "season", "series",
        "show", "date", "time", "location", "setting", "set", "int", "ext", "fade in", "fade out", "cut to", "http", "https", "mailto",
        "ftp", "link", "links", "source",
        "sources", "email", "e-mail", "phone", "tel", "subject", "from", "cc", "fig", "figure", "table", "transcript", "summary",
        "synopsis", "cast", "characters",
        "copyright", "author", "authors", "written by", "credit", "contact", "draft date", "revision", "version", "duration", "length",
        "language", "keywords", "tags",
        "description", "producer", "produced by", "recorded", "todo", "references", "reference", "hosts", "guests", "hinweis", "anmerkung",
        "kapitel", "titel", "autor", "quelle",
    ]

    /// What people say in a word, so that it is no name though it stands alone.
    static let replies: Set<String> = [
        "yes", "no", "yeah", "yep", "nope", "okay", "ok", "hello", "hi", "hey", "bye", "goodbye", "right", "thanks", "thank you", "sure",
        "exactly", "well", "what", "why", "how",
        "who", "when", "where", "hmm", "mhm", "oh", "ah", "wow", "really", "please", "ja", "nein", "oui", "non", "sí", "si", "merci",
        "danke", "good", "great",
    ]

    enum Sound { case effect, music }

    /// What a word announces that stands before the name of a sound.
    static func sound(_ text: String) -> Sound? {
        let key = key(text)
        if ["music", "musik", "musique", "música", "musica", "mx", "music cue"].contains(key) { return .music }
        if ["sfx", "fx", "sound", "sounds", "sound effect", "sound effects", "sound fx", "effect", "geräusch", "ton", "bruitage", "sonido"]
            .contains(key)
        {
            return .effect
        }
        return nil
    }
}
