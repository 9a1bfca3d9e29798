/// What may be the name of somebody who speaks.
struct SpeakerName: Hashable {
    /// As it is written.
    let text: String
    /// `V.O.`, `CONT'D`
    var extensions: [String] = []
    /// What else stood in parentheses behind it.
    var deliveries: [String] = []

    /// How much it looks like a name.
    enum Look: Int { case unlike, small, caseless, capitalised, capitals }

    /// The same for all spellings of a name.
    var key: String { Self.key(text) }
    static func key(_ text: String) -> String { text.lowercased().folded }

    /// Reads `Sam`, `Sam (whispering)`, `SAM (V.O.)`, `Sam [00:07]`, `“Sam”`.
    init?(_ raw: some StringProtocol) {
        var rest = LineMarks.beforeTime(raw.trimmed)
        var groups: [String] = []
        while let last = rest.last, let opener = ([")": "(", "]": "[", "）": "（"] as [Character: Character])[last], let start = rest.lastIndex(of: opener) {
            groups.insert(String(rest[rest.index(after: start)...].dropLast().trimmed), at: 0)
            rest = LineMarks.beforeTime(rest[..<start].trimmed)
        }
        if let comma = rest.firstIndex(of: ","), rest[rest.index(after: comma)...].trimmed.first?.isLowercase == true {
            groups.insert(String(rest[rest.index(after: comma)...].trimmed), at: 0)
            rest = rest[..<comma].trimmed
        }
        while let first = rest.first, "\"“”„«»'‘’*_`".contains(first) { rest = rest.dropFirst() }
        while let last = rest.last, "\"“”„«»'‘’*_`^".contains(last) { rest = rest.dropLast() }
        text = rest.folded
        for group in groups where LineMarks.afterTime(group[...], inBrackets: false)?.isEmpty != true && !group.isEmpty {
            if Self.isExtension(group) { extensions.append(group) } else { deliveries.append(group) }
        }
        if look == .unlike { return nil }
    }

    private static let known: Set<String> = ["vo", "os", "oc", "contd", "cont", "continued", "continuing", "off", "prelap", "intercom", "filtered", "onscreen", "offscreen"]

    private static func isExtension(_ group: String) -> Bool {
        known.contains(String(group.lowercased().filter { $0.isLetter }))
    }

    var look: Look {
        let words = text.split(separator: " ")
        guard let first = text.first, first.isLetter || first.isNumber, (1...5).contains(words.count), text.count <= 40,
            text.contains(where: \.isLetter), !text.contains(where: { "!?;:：\"“”=<>{}[]|\\*@…。！？、".contains($0) }), !hasFullStop(words)
        else { return .unlike }
        let letters = text.filter(\.isLetter)
        if !letters.contains(where: { $0.isLowercase || $0.isUppercase }) { return letters.count <= 12 ? .caseless : .unlike }
        if !letters.contains(where: \.isLowercase) { return .capitals }
        let areCapitalised = words.enumerated().allSatisfy { index, word in
            word.first.map { !$0.isLetter || !$0.isLowercase } == true || (index > 0 && Self.particles.contains(word.lowercased()))
        }
        return areCapitalised ? .capitalised : words.count <= 2 ? .small : .unlike
    }

    private static let particles: Set<String> = [
        "of", "the", "and", "de", "del", "der", "den", "van", "von", "da", "do", "dos", "di", "la", "le", "el", "al", "bin", "ibn", "und", "et", "y", "e", "och", "og", "ja", "to", "in", "on",
    ]

    private static let abbreviations: Set<String> = [
        "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "sr.", "jr.", "rev.", "gen.", "col.", "lt.", "capt.", "cpt.", "sgt.", "hr.", "fr.", "mme.", "mlle.", "sra.", "dra.", "no.", "nr.",
    ]

    /// A full stop ends a sentence, and is none behind a title or an initial: `Dr. Who`, `J. R. Ewing`.
    private func hasFullStop(_ words: [Substring]) -> Bool {
        words.contains { $0.last == "." && $0.count > 2 && !Self.abbreviations.contains($0.lowercased()) && !$0.dropLast().contains(".") }
    }

    /// Words with a colon that are about the script, and no speakers.
    static let others: Set<String> = [
        "note", "notes", "nb", "ps", "warning", "tip", "example", "title", "subtitle", "scene", "chapter", "act", "part", "section", "episode", "season", "series",
        "show", "date", "time", "location", "setting", "set", "int", "ext", "fade in", "fade out", "cut to", "http", "https", "mailto", "ftp", "link", "links", "source",
        "sources", "email", "e-mail", "phone", "tel", "subject", "from", "cc", "fig", "figure", "table", "transcript", "summary", "synopsis", "cast", "characters",
        "copyright", "author", "authors", "written by", "credit", "contact", "draft date", "revision", "version", "duration", "length", "language", "keywords", "tags",
        "description", "producer", "produced by", "recorded", "todo", "references", "reference", "hosts", "guests", "hinweis", "anmerkung", "kapitel", "titel", "autor", "quelle",
    ]

    /// What people say in a word, so that it is no name though it stands alone.
    static let replies: Set<String> = [
        "yes", "no", "yeah", "yep", "nope", "okay", "ok", "hello", "hi", "hey", "bye", "goodbye", "right", "thanks", "thank you", "sure", "exactly", "well", "what", "why", "how",
        "who", "when", "where", "hmm", "mhm", "oh", "ah", "wow", "really", "please", "ja", "nein", "oui", "non", "sí", "si", "merci", "danke", "good", "great",
    ]

    enum Sound { case effect, music }

    /// What a word announces that stands before the name of a sound.
    static func sound(_ text: String) -> Sound? {
        let key = key(text)
        if ["music", "musik", "musique", "música", "musica", "mx", "music cue"].contains(key) { return .music }
        if ["sfx", "fx", "sound", "sounds", "sound effect", "sound effects", "sound fx", "effect", "geräusch", "ton", "bruitage", "sonido"].contains(key) { return .effect }
        return nil
    }
}
