import EpCore

/// Words that an empty line, a mark or a sound has cut off a speech, so that nobody says them.
extension Proofreader {
    mutating func findCutSpeeches() {
        var isInSpeech = false
        var isLyrics = false
        for (index, line) in lines.enumerated() {
            if line.above == .empty { isInSpeech = false }
            switch line.kind {
            case .character: isInSpeech = true
            case .action where index > 0 && !line.isForced: findCutWords(index, isInSpeech: isInSpeech)
            case .lyrics(inSpeech: false):
                if !isLyrics || line.above != .none { warnOfLyrics(line) }
            default: break
            }
            isLyrics = line.kind == .lyrics(inSpeech: false)
        }
    }

    /// A script to be heard whose speeches have paragraphs: once more words stand under speeches, behind an empty line, than are said, that
    /// is no action. In a screenplay, which has scenes, it may be.
    mutating func findUnheardParagraphs(said: Int) {
        guard !lines.contains(where: { if case .sceneHeading = $0.kind { true } else { false } }) else { return }
        var isUnderSpeech = false
        var unheard: [WrittenLine] = []
        for line in lines {
            if line.isAction, isUnderSpeech { unheard.append(line) }
            if !line.isAction { isUnderSpeech = line.kind.isSpeech }
        }
        let words = unheard.reduce(0) { $0 + ScriptReport.words(in: $1.text) }
        guard words >= Self.fewestUnheard, words > said, let first = unheard.first else { return }
        warn(
            "an empty line ends a speech: \(words) words stand under speeches and are not spoken, more than the \(said) that are",
            at: first.location,
            remedy: "put two spaces on the empty lines within a speech, or the name above each paragraph; put ! before what is action")
    }

    /// Of fewer words that nobody says, nothing can be told.
    private static let fewestUnheard = 40

    private mutating func findCutWords(_ index: Int, isInSpeech: Bool) {
        let (line, before) = (lines[index], lines[index - 1])
        if isInSpeech, before.kind != .action || before.isForced {
            warn(
                "these words are not spoken: what stands above them ends the speech", at: line.location,
                remedy: "put the name above them again, or an empty line if they are not to be spoken")
        } else if before.kind == .parenthetical, line.above == .empty, !isTakenUpAgain(index) {
            warn(
                "an empty line ends the speech, so these words after \(quoted("(\(before.text))")) are not spoken", at: line.location,
                remedy: "take the empty line away, or put two spaces on it; put ! before what is not to be spoken")
        } else if before.kind == .dialogue, line.above == .empty, goesOn(before.text, line.text) {
            warn(
                "this empty line ends the speech in the middle of a sentence, and the words below it are not spoken",
                at: SourceLocation(file: script.file, line: before.location.line + 1, column: 1),
                remedy: "take the empty line away, or put two spaces on it; put ! before what is not to be spoken")
        } else if before.kind == .dialogue, isCutByBoneyard(index) {
            warn(
                "the boneyard above ends the speech, so these words are not spoken", at: line.location,
                remedy: "let it begin on the line of the words above it; put ! before what is not to be spoken")
        } else if before.kind == .dialogue, line.above == .empty, isOfSameList(before.text, line.text) {
            warn(
                "an empty line ends the speech, so the rest of the list is not spoken", at: line.location,
                remedy: "take the empty line away, or put two spaces on it; put ! before what is not to be spoken")
        } else if isLostDelivery(line, before) {
            warn(
                "\(quoted(line.text)) stands under no speaker, so what is below it is not spoken", at: line.location,
                remedy: "take the empty line above it away, or put the name there; put ! before it if it is action")
        }
    }

    /// Whether nothing but a boneyard on lines of its own stands between a line of a speech and the next words.
    private func isCutByBoneyard(_ index: Int) -> Bool {
        let (line, before) = (lines[index], lines[index - 1])
        guard line.above == .empty, line.element > 0, script.elements[line.element - 1].kind == .boneyard else { return false }
        let span = script.elements[line.element - 1].span
        let ends = script.source[span.bytes].withoutCarriageReturns.count { $0 == .lineFeed }
        return span.line == before.location.line + 1 && line.location.line == span.line + ends + 1
    }

    /// `1. First.`, an empty line, `2. Second.`
    private func isOfSameList(_ before: String, _ after: String) -> Bool {
        guard let mark = Self.listMark(before), let next = Self.listMark(after) else { return false }
        return mark.number == nil ? mark.sign == next.sign : next.number == mark.number.map { $0 + 1 } && mark.sign == next.sign
    }

    private static func listMark(_ text: String) -> (number: Int?, sign: Character)? {
        if let sign = text.first, "-•*–".contains(sign), text.dropFirst().first == " " { return (nil, sign) }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...3).contains(digits.count), let sign = text.dropFirst(digits.count).first, ".)".contains(sign),
            text.dropFirst(digits.count + 1).first == " "
        else { return nil }
        return (Int(digits), sign)
    }

    /// Whether one short line stands between `(pause)` and the same speaker's name again, as the titles of slides do in a talk.
    private func isTakenUpAgain(_ index: Int) -> Bool {
        guard
            index > 1, lines[index - 2].kind.isSpeech, lines[index].text.utf8.count < 60,
            let below = index + 1 < lines.count ? speaker(lines[index + 1]) : nil
        else { return false }
        return lines[..<index].reversed().lazy.compactMap(speaker).first == below
    }

    private func speaker(_ line: WrittenLine) -> String? {
        if case .character = line.kind { CharacterName.speaker(of: line.text) } else { nil }
    }

    /// Whether a sentence goes on: no full stop before, a small letter behind.
    private func goesOn(_ before: String, _ after: String) -> Bool {
        guard let last = before.last(where: { !"*_\"”’)".contains($0) }), let first = after.first(where: { !"*_\"“‘(…".contains($0) })
        else { return false }
        return first.isLowercase && !".!?…。！？:".contains(last)
    }

    /// A known delivery on a line of its own, with words below, behind a speech.
    private func isLostDelivery(_ line: WrittenLine, _ before: WrittenLine) -> Bool {
        guard before.kind.isSpeech, line.below == .none, line.text.hasPrefix("("), line.text.hasSuffix(")") else { return false }
        return isKnownDelivery(String(line.text.dropFirst().dropLast()))
    }

    private mutating func warnOfLyrics(_ line: WrittenLine) {
        warn(
            "these lyrics are not heard: they stand under no speaker", at: line.location,
            remedy: "write the name of who sings above them; put ! in the place of ~ if nobody does")
    }
}

extension Proofreader {
    /// Sounds that are said aloud, or not heard at all.
    mutating func findSounds() {
        for line in lines {
            switch line.kind {
            case .dialogue, .parenthetical:
                findSpokenDirection(line)
                guard Self.isSound(line.text) else { continue }
                let isDelivery = line.kind == .parenthetical
                warn(
                    isDelivery ? "this cue stands in a speech, so it is a delivery" : "this cue stands in a speech, so it is spoken",
                    at: line.location,
                    remedy: "put an empty line above it, and the name below it again if the speech goes on")
            case .action where !line.isForced:
                findSmallCue(line)
                findNobody(line)
            default: break
            }
        }
    }

    /// A scene heading or a transition with no empty line above it is spoken.
    private mutating func findSpokenDirection(_ line: WrittenLine) {
        let bytes = Array(line.text.utf8)[...]
        guard line.kind == .dialogue, Capitals.isAll(bytes) else { return }
        let isHeading = SceneHeading.hasPrefix(bytes) && bytes.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        let isTransition = bytes.ends(with: " TO:") || Self.transitions.contains(line.text)
        guard isHeading || isTransition else { return }
        warn(
            "\(quoted(line.text)) is spoken here, as words of the one above", at: line.location,
            remedy: "put an empty line above what is not to be spoken")
    }

    private static let transitions: Set<String> = ["FADE OUT.", "FADE IN:", "FADE OUT:", "FADE TO BLACK.", "CUT TO BLACK.", "THE END"]

    /// `@` with no name behind it makes no cue of what stands below.
    private mutating func findNobody(_ line: WrittenLine) {
        guard line.text == "@" else { return }
        warn("@ forces a name, and here is none: nobody says what stands below", at: line.location, remedy: "write the name behind it")
    }

    static func isSound(_ text: String) -> Bool {
        let words = withoutBrackets(text)
        return words.hasPrefix("SFX:") || words.hasPrefix("MUSIC:")
    }

    private mutating func findSmallCue(_ line: WrittenLine) {
        let bytes = Array(Self.withoutBrackets(line.text).utf8)[...].trimmed
        let isEffect = ["sfx:", "sfx -", "fx:", "sound:", "sound effect:", "sfx："].contains { Self.begins(bytes, with: $0) }
        let isMusic = ["music:", "music -", "music："].contains { Self.begins(bytes, with: $0) }
        guard let kind = isEffect ? "SFX" : isMusic ? "MUSIC" : Self.nearlyCue(line.text) else { return }
        warn("this is not heard as a cue", at: line.location, remedy: "write it as \(kind): and the name of the sound, alone on the line")
    }

    /// `SFX door`, `[MUSIC] theme`, `MUSIC UP: theme`: what begins so in capitals is no sentence.
    private static func nearlyCue(_ text: String) -> String? {
        guard let first = text.utf8.first, "SM[(".utf8.contains(first) else { return nil }
        if text.prefixMatch(of: /[\[(]?SFX(?![A-Za-z0-9])/) != nil { return "SFX" }
        return text.prefixMatch(of: /(?:\[MUSIC\]|\(MUSIC\)|MUSIC[A-Z ]{0,20} ?:)\s*\S/) == nil ? nil : "MUSIC"
    }

    private static func begins(_ bytes: ArraySlice<UInt8>, with word: String) -> Bool {
        bytes.count >= word.utf8.count && zip(bytes, word.utf8).allSatisfy { $0.asSmall == $1 }
    }

    private static func withoutBrackets(_ text: String) -> String {
        String(Emphasis.plain(text).drop { "[( *_".contains($0) })
    }
}
