/// Who speaks in a source, found by going through all of it once.
///
/// A name that is set apart only weakly, or that is written in small letters, counts only if it comes back.
struct CastList {
    /// Names by their keys, as they are written most often.
    private(set) var spelling: [String: String] = [:]
    /// Of these it is certain that they are names.
    private(set) var certain: Set<String> = []
    /// Of these, the words stand below the name.
    private(set) var standingAlone: Set<String> = []
    /// The share of the lines that say who speaks.
    private(set) var density = 0.0

    private var forms: [String: [SpeakerTag.Form: Int]] = [:]
    private var looks: [String: SpeakerName.Look] = [:]
    private var spellings: [String: [String: Int]] = [:]
    /// How often a name stands alone above words, and whether it has a colon then.
    private var alone: [String: (count: Int, hasColon: Bool)] = [:]
    private var headings: [String: Int] = [:]
    /// Whether most lines have a mark at their front that is no mark of its own in other texts.
    private var isWeaklyTagged = false

    init(_ blocks: [Block]) {
        count(blocks)
        for (key, forms) in forms where isName(key, forms) { spelling[key] = mostFrequent(key) }
        for (key, below) in alone where isNameAlone(key, below) {
            standingAlone.insert(key)
            spelling[key] = mostFrequent(key)
        }
        let repeated = headings.values.filter { $0 > 1 }.reduce(0, +)
        // Chapters may have one name, too: "Break".
        for (key, number) in headings
        where number > 1 && repeated * 2 > headings.values.reduce(0, +) && (spelling[key] != nil || look(key) != .unlike)
            && !SpeakerName.others.contains(key)
        {
            standingAlone.insert(key)
            spelling[key] = mostFrequent(key)
        }
        let single = spelling.keys.count { total($0) == 1 }
        let isOnceUsual = density >= 0.6 && single * 2 >= spelling.count
        for key in spelling.keys where isCertain(key, isOnceUsual: isOnceUsual) { certain.insert(key) }
    }

    func contains(_ name: SpeakerName) -> Bool { spelling[name.key] != nil }

    /// Whether the front of a line says who speaks. Behind a name that stands before a colon elsewhere, a dash is only a dash.
    func accepts(_ tag: SpeakerTag) -> Bool {
        guard contains(tag.name) else { return false }
        let own = forms[tag.name.key] ?? [:]
        if tag.form == .colon || tag.form == .marked || tag.form == .tab { return true }
        if tag.form == .weak { return isWeaklyTagged && own[.weak, default: 0] > 1 }
        return own[tag.form, default: 0] > 1 || (own[.colon] == nil && own[.marked] == nil)
    }

    // MARK: counting

    private mutating func count(_ blocks: [Block]) {
        var (tagged, weak, texts) = (0, 0, 0)
        for (index, block) in blocks.enumerated() {
            switch block.kind {
            case .speech(let speaker):
                (tagged, texts) = (tagged + 1, texts + 1)
                if let name = SpeakerName(declared: speaker) { add(name, .declared) }
            case .heading:
                if let (name, _, _) = SpeakerTag.alone(block.text[...]) {
                    note(name)
                    headings[name.key, default: 0] += 1
                }
            case .text:
                texts += 1
                let line = DialogueLine(block)
                if let tag = line.tag {
                    if SpeakerName.sound(tag.name.text) != nil { continue }
                    add(tag.name, tag.form)
                    if tag.form == .weak { weak += 1 } else if !SpeakerName.others.contains(tag.name.key) { tagged += 1 }
                }
                if !line.isTagged, let (name, hasColon, isInBrackets) = line.alone, hasColon || !isInBrackets,
                    Self.isFollowedByWords(index, in: blocks),
                    name.look == .capitals || block.isParagraph || index == 0 || blocks[index - 1].kind != .text
                {
                    note(name)
                    let known = alone[name.key] ?? (0, false)
                    alone[name.key] = (known.count + 1, known.hasColon || hasColon)
                    // The line below is counted with its name.
                    (tagged, texts) = (tagged + 1, texts - 1)
                }
            case .blank, .rule: break
            }
        }
        density = texts <= 0 ? 0 : Double(tagged) / Double(texts)
        isWeaklyTagged = weak * 2 > texts
    }

    private mutating func add(_ name: SpeakerName, _ form: SpeakerTag.Form) {
        note(name)
        forms[name.key, default: [:]][form, default: 0] += 1
    }

    private mutating func note(_ name: SpeakerName) {
        spellings[name.key, default: [:]][name.text, default: 0] += 1
        if let known = looks[name.key], known.rawValue >= name.look.rawValue { return }
        looks[name.key] = name.look
    }

    /// Directly below, or below one empty line; and not another name.
    private static func isFollowedByWords(_ index: Int, in blocks: [Block]) -> Bool {
        for next in blocks[(index + 1)...].prefix(2) {
            switch next.kind {
            case .blank: continue
            case .text:
                let line = DialogueLine(next)
                return line.tag.map { SpeakerName.others.contains($0.name.key) || $0.form == .dash || $0.form == .weak } ?? true
            default: return false
            }
        }
        return false
    }

    // MARK: judging

    private func look(_ key: String) -> SpeakerName.Look { looks[key] ?? .unlike }

    private func isName(_ key: String, _ forms: [SpeakerTag.Form: Int]) -> Bool {
        if forms[.declared] != nil { return true }
        let total = forms.reduce(0) { $1.key == .weak ? $0 : $0 + $1.value }
        if SpeakerName.others.contains(key) { return total > 2 && !key.hasPrefix("http") }
        let (look, comesBack) = (self.look(key), total > 1 || alone[key] != nil)
        if forms[.marked] != nil { return true }
        if forms[.colon] != nil {
            switch look {
            case .capitals, .caseless: return true
            case .capitalised: return comesBack || density >= 0.2
            case .small: return comesBack || density >= 0.6
            case .unlike: return false
            }
        }
        if forms[.chat] != nil || forms[.quote] != nil { return look != .small || comesBack }
        if SpeechText.manners.contains(key) || SpeakerName.replies.contains(key) { return false }
        if total == 0 { return isWeaklyTagged && forms[.weak, default: 0] > 1 }
        switch look {
        case .capitals: return forms[.mark] == nil || comesBack
        case .capitalised, .caseless: return comesBack
        case .small, .unlike: return false
        }
    }

    private func isNameAlone(_ key: String, _ below: (count: Int, hasColon: Bool)) -> Bool {
        if spelling[key] != nil { return true }
        if SpeakerName.others.contains(String(key.prefix { !$0.isWhitespace })) || SpeakerName.others.contains(key)
            || SpeakerName.replies.contains(key) || SpeechText.manners.contains(key)
        {
            return false
        }
        switch look(key) {
        case .capitals: return !key.hasSuffix(" to") && key != "the end" && !ScreenplayLine.isSceneHeading(key)
        case .capitalised, .caseless: return below.hasColon || below.count > 1
        // Where no other form says who speaks, it may be so.
        case .small: return below.hasColon ? below.count > 1 : below.count > 2 && forms.isEmpty
        case .unlike: return false
        }
    }

    private func isCertain(_ key: String, isOnceUsual: Bool) -> Bool {
        let forms = forms[key] ?? [:]
        return total(key) > 1 || forms[.marked] != nil || forms[.declared] != nil || (isOnceUsual && look(key) != .small)
    }

    private func total(_ key: String) -> Int { (forms[key] ?? [:]).values.reduce(0, +) + (alone[key]?.count ?? 0) + (headings[key] ?? 0) }

    /// Of equally frequent spellings the one with the most small letters tells the most.
    private func mostFrequent(_ key: String) -> String {
        let found = spellings[key] ?? [:]
        return found.max {
            ($0.value, $0.key.count(where: \.isLowercase), $0.key) < ($1.value, $1.key.count(where: \.isLowercase), $1.key)
        }?.key ?? key
    }
}
