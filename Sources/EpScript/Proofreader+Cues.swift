import EpCore

/// Character cues that say nothing, that are nearly others, or that are no names.
extension Proofreader {
    mutating func findCues() {
        findSilentCues()
        findDoubtfulCues()
        findEqualNames()
        findTypingErrors()
    }

    /// Character cues that nothing is said under.
    private mutating func findSilentCues() {
        var silent: [Element] = []
        var isWaiting = false
        for element in script.elements {
            switch element.kind {
            case .note, .boneyard, .parenthetical: break
            case .dialogue, .lyrics(inSpeech: true):
                guard isWaiting, !Emphasis.spoken(element.text).isEmpty else { break }
                silent.removeLast()
                isWaiting = false
            case .character:
                silent.append(element)
                isWaiting = true
            default: isWaiting = false
            }
        }
        for cue in silent {
            warn(
                "\(quoted(cue.text)) says nothing here", at: cue.span.location(in: script.file),
                remedy: "write the words right under the name, without an empty line")
        }
    }

    /// Lines in capitals that the standard takes for a cue, and a person for something else.
    private mutating func findDoubtfulCues() {
        var linesOf: [String: Int] = [:]
        for member in cast { linesOf[member.name] = member.lines }
        let cues = script.elements.filter { if case .character = $0.kind { true } else { false } }
        let said = Dictionary(script.lines.map { ($0.location.line, $0.text) }) { first, _ in first }
        let withColon = cues.count { $0.text.utf8.last == UInt8(ascii: ":") }
        for cue in cues {
            let place = cue.span.location(in: script.file)
            let speaker = CharacterName.speaker(of: cue.text)
            findExtension(cue, place)
            if names.isOfShow(speaker), NameBook.undressed(speaker) == speaker { continue }
            let (speech, count) = (said[place.line] ?? "", linesOf[speaker] ?? 0)
            if let reason = doubt(speaker, as: cue.text, saying: speech, lines: count, coloned: withColon * 2 > cues.count) {
                warn(
                    "\(quoted(cue.text)) is read as a speaker, but \(reason)", at: place,
                    remedy: "put ! before it if it is nobody's name; else write the name alone, in capitals or with @ before it")
            }
        }
    }

    /// Why a cue is probably no speaker's.
    private func doubt(_ speaker: String, as cue: String, saying speech: String, lines: Int, coloned: Bool) -> String? {
        if let name = names.nameBeforeExtension(speaker) {
            return "the name is \(quoted(name)), and what stands behind it has no parentheses"
        }
        // A full stop belongs to no name that is known without it.
        let plain = speaker.hasSuffix(".") ? names.name(in: String(speaker.dropLast())) : nil
        let name = plain == speaker ? speaker : plain ?? NameBook.undressed(speaker)
        // `WAITER "BLUE ROOM"` has its quotes for good.
        if name.utf8.count < speaker.utf8.count, !name.isEmpty, !name.contains(where: { "\"“„«([{".contains($0) }) {
            return "the name is \(quoted(name))"
        }
        if let colon = speaker.firstIndex(of: ":"), speaker[colon...].dropFirst().first == " " { return "words stand behind a colon" }
        guard lines <= 1 else { return nil }
        let words = speaker.split(separator: " ").map { $0.lowercased() }
        if cue.utf8.last == UInt8(ascii: ":"), !coloned { return "it ends in a colon and speaks only once" }
        if let last = speaker.last, "!?,;…—–".contains(last) || (last == "." && (words.last?.count ?? 0) > 4) {
            return "it ends like a sentence and speaks only once"
        }
        if let first = words.first, Self.partNames.contains(first) || speaker.hasPrefix("BACK TO ") || speaker == "THE END" {
            return "it sounds like a part of a script and speaks only once"
        }
        if words.count > 2, ["the", "a", "an"].contains(words[0]), speech.first?.isLowercase == true {
            return "its words begin with a small letter, and it speaks only once"
        }
        return words.count > 6 ? "it has \(words.count) words and speaks only once" : nil
    }

    /// What lines begin with that name a part of a script.
    static let partNames: Set<String> = [
        "scene", "act", "fade", "cut", "slam", "smash", "dissolve", "title", "super", "superimpose", "chapter", "episode", "part",
        "montage", "insert", "flashback",
        "intercut", "end", "later", "meanwhile", "close", "angle", "credits", "moments", "continued",
    ]

    /// `OLIVER (softly)`: what stands beside the name is not heard.
    private mutating func findExtension(_ cue: Element, _ place: SourceLocation) {
        let inside = CharacterName.extension(of: Array(cue.text.utf8)[...])
        guard !inside.isEmpty, !Capitals.isAll(Array(inside.utf8)[...]) || isKnownDelivery(inside, ofShowOnly: true),
            isKnownDelivery(inside)
        else { return }
        warn(
            "\(quoted("(\(inside))")) is not heard beside the name", at: place,
            remedy: "put a delivery on a line of its own, under the name")
    }

    /// Two names that are the same to a person, in other letters.
    private mutating func findEqualNames() {
        var first: [String: ScriptReport.CastMember] = [:]
        for member in cast {
            let key = NameBook.likeness(member.name)
            guard !key.isEmpty, let other = first[key] else {
                first[key] = member
                continue
            }
            warn(
                "\(quoted(member.name)) is nearly \(quoted(other.name)), and another speaker", at: member.location,
                remedy: "did you mean \(quoted(other.name))?")
        }
    }

    /// A name of one or two lines that is one slip away from that of someone who has at least three times as many, or of somebody in the
    /// show.
    private mutating func findTypingErrors() {
        let often = cast.filter { $0.lines >= 3 }
        var near = NearName(often.map(\.name) + show.characters.map(\.name))
        let counts = Dictionary(often.map { ($0.name, $0.lines) }) { first, _ in first }
        for rare in cast where rare.lines <= 2 && !names.isOfShow(rare.name) {
            let meant = near.nearest(to: rare.name) { counts[$0].map { $0 >= 3 * rare.lines } ?? true }
            guard let meant else { continue }
            warn(
                "\(quoted(rare.name)) speaks only \(rare.lines == 1 ? "once" : "twice"), and is nearly \(quoted(meant))", at: rare.location,
                remedy: "did you mean \(quoted(meant))?")
        }
    }
}
