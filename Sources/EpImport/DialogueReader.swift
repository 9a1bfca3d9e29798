import EpScript

/// Finds out who says what in the blocks of a source.
struct DialogueReader {
    /// How speeches go on in this kind of source.
    struct Manner {
        /// Captions: each sentence is a line of its own.
        var splitsSentences = false
        /// Who speaks where nobody is named at all.
        var unnamedSpeaker: String?
    }

    private(set) var pieces: [Placed] = []
    private(set) var titlePage: [(key: String, value: String)]

    private let cast: CastList
    private let manner: Manner
    private var doubts: Doubts
    /// Of one that was opened anew behind a sound, nobody has said so.
    private var speech: (speech: Speech, place: Place, stoodAlone: Bool, isReopened: Bool)?
    private var lastSpeaker: String?
    /// Whether an empty line, or something else, stands above.
    private var isAfterGap = true
    private var hasSpoken = false
    private var askedOnce: Set<String> = []

    /// Reads all blocks.
    /// - Returns: the doubts, with those of the dialogue.
    static func read(_ source: Source, manner: Manner = Manner(), doubts: inout Doubts) -> DialogueReader {
        var reader = DialogueReader(source, manner, doubts)
        for (index, block) in source.blocks.enumerated() { reader.read(block, next: source.blocks[(index + 1)...].first) }
        reader.endSpeech()
        doubts = reader.doubts
        return reader
    }

    private init(_ source: Source, _ manner: Manner, _ doubts: Doubts) {
        cast = CastList(source.blocks)
        titlePage = source.titlePage
        self.manner = manner
        self.doubts = doubts
    }

    private mutating func read(_ block: Block, next: Block?) {
        switch block.kind {
        case .blank: isAfterGap = true
        case .rule:
            endSpeech()
            isAfterGap = true
        case .heading(let level): readHeading(block, level)
        case .speech(let speaker): readNamed(block, speaker)
        case .text: readText(block, next)
        }
    }

    // MARK: blocks that say what they are

    private mutating func readHeading(_ block: Block, _ level: Int) {
        if let (name, _, _) = SpeakerTag.alone(block.text[...]), cast.standingAlone.contains(name.key) {
            return begin(name, at: block.place, stoodAlone: true)
        }
        endSpeech()
        pieces.append(Placed(piece: .section(level: level, block.text.folded), place: block.place))
        isAfterGap = true
    }

    private mutating func readNamed(_ block: Block, _ speaker: String) {
        guard let name = SpeakerName(declared: speaker) else {
            doubts.note(
                "\(speaker.excerpt) is no name", at: block.place, remedy: "its words are kept as action; write NAME: in front of them")
            return keepAsAction(block.text, at: block.place)
        }
        if let sound = SpeakerName.sound(name.text) { return play(sound, block.text, at: block.place) }
        begin(name, at: block.place, stoodAlone: false)
        say(block.text, at: block.place)
        isAfterGap = false
    }

    // MARK: text

    private mutating func readText(_ block: Block, _ next: Block?) {
        let line = DialogueLine(block)
        defer { isAfterGap = false }
        if line.hadTime || line.isTimeAlone { doubts.note(.time, at: block.place) }
        if line.isTimeAlone { return }
        if let tag = line.tag {
            if let sound = SpeakerName.sound(tag.name.text), tag.form == .colon || tag.form == .marked {
                return play(sound, tag.words, at: block.place)
            }
            if cast.accepts(tag) {
                begin(tag.name, at: block.place, stoodAlone: tag.words.isEmpty)
                return say(tag.words, at: block.place)
            }
            if takeTitle(tag, block) { return }
            if speech != nil, [.colon, .marked].contains(tag.form), tag.name.look.rawValue > SpeakerName.Look.small.rawValue,
                !SpeakerName.others.contains(tag.name.key)
            {
                doubts.note(.untaken, at: block.place)
            }
        }
        if let name = nameAlone(line, block) { return begin(name, at: block.place, stoodAlone: true) }
        if let aside = line.aside { return readAside(aside, line, block) }
        if readScreenplay(line, block) { return }
        readUnnamed(line, block, next)
    }

    /// A known name, if the line is nothing else and may begin a speech.
    private func nameAlone(_ line: DialogueLine, _ block: Block) -> SpeakerName? {
        guard let (name, hasColon, _) = line.alone, cast.standingAlone.contains(name.key) || (cast.contains(name) && hasColon) else {
            return nil
        }
        let mayBegin = isAfterGap || block.isParagraph || speech?.stoodAlone != true || cast.certain.contains(name.key)
        return mayBegin ? name : nil
    }

    /// `(whispering)`, `[door slams]`, `*Sam leaves.*`: all of a line.
    private mutating func readAside(_ aside: (opener: Character, inside: String), _ line: DialogueLine, _ block: Block) {
        if let tag = SpeakerTag.read(aside.inside[...]), let sound = SpeakerName.sound(tag.name.text) {
            return play(sound, tag.words, at: block.place)
        }
        let isDelivery =
            "(（".contains(aside.opener) && speech != nil && !isAfterGap && !(speech?.isReopened == true && speech?.speech.hasWords == false)
        if isDelivery {
            deliver(aside.inside.folded, at: block.place)
            return
        }
        keepAsAction(line.whole, at: block.place)
    }

    private mutating func readScreenplay(_ line: DialogueLine, _ block: Block) -> Bool {
        guard isAfterGap || block.isParagraph else { return false }
        if ScreenplayLine.isSceneHeading(line.words) {
            // `Est. 1990` looks like one.
            if line.words.contains(where: \.isLowercase) { doubts.note(.unheard, at: block.place) }
            add(.sceneHeading(line.words.folded), at: block.place)
        } else if ScreenplayLine.isTransition(line.words) {
            add(.transition(line.words.folded), at: block.place)
        } else if ScreenplayLine.isPart(line.words) {
            doubts.note(.heading, at: block.place)
            add(.section(level: 1, line.words.folded), at: block.place)
        } else {
            return false
        }
        return true
    }

    /// Words in front of which nobody is named.
    private mutating func readUnnamed(_ line: DialogueLine, _ block: Block, _ next: Block?) {
        let isNote = line.isTagged && line.tag.map { SpeakerName.others.contains($0.name.key) } == true && (isAfterGap || block.isParagraph)
        if !isNote, speech != nil, !isEnded(block) { return goOn(line, block) }
        if !hasSpoken, speech == nil, !isNote, let name = manner.unnamedSpeaker {
            begin(named: name, at: block.place)
            return say(line.words, at: block.place)
        }
        if !hasSpoken, speech == nil, titlePage.isEmpty, pieces.isEmpty, line.words.count <= 80, line.words.last != ".",
            next.map({ $0.kind == .blank || $0.isParagraph }) ?? false
        {
            titlePage.append(("Title", line.words.folded))
            return doubts.note(
                "\(line.words.excerpt) is taken for the title", at: block.place, remedy: "change or remove the line `Title:`")
        }
        keepAsAction(line.whole, at: block.place)
    }

    /// Below a name that stands alone, as in screenplays, an empty line ends the speech.
    private func isEnded(_ block: Block) -> Bool {
        guard let speech else { return true }
        return speech.stoodAlone && isAfterGap && !block.isParagraph && speech.speech.hasWords && isCapitals(speech.speech.speaker)
    }

    private mutating func goOn(_ line: DialogueLine, _ block: Block) {
        let isParagraph = isAfterGap || block.isParagraph
        if speech?.speech.hasWords == true, isParagraph {
            doubts.note(.unnamed, at: block.place)
            if manner.splitsSentences, let speaker = speech?.speech.speaker {
                begin(named: speaker, at: block.place)
            } else {
                speech?.speech.add(.gap)
            }
        }
        say(line.words, at: block.place)
    }

    /// `Title: …` above the first words.
    private mutating func takeTitle(_ tag: SpeakerTag, _ block: Block) -> Bool {
        guard !hasSpoken, speech == nil, tag.form == .colon || tag.form == .marked, SpeakerName.others.contains(tag.name.key),
            !tag.words.isEmpty,
            !pieces.contains(where: { if case .section = $0.piece { false } else { true } })
        else { return false }
        titlePage.append((tag.name.text, tag.words.folded))
        return true
    }

    // MARK: making pieces

    private mutating func begin(_ name: SpeakerName, at place: Place, stoodAlone: Bool) {
        endSpeech()
        let speaker = cast.spelling[name.key] ?? name.text
        if !cast.certain.contains(name.key), askedOnce.insert(name.key).inserted {
            doubts.note(
                "\(speaker.excerpt) is taken for the name of a speaker", at: place,
                remedy: "if it is none, write the words below the speech that they belong to")
        }
        speech = (Speech(speaker: speaker, extensions: name.extensions), place, stoodAlone, false)
        for delivery in name.deliveries { deliver(delivery.folded, at: place) }
        if name.hasTime { doubts.note(.time, at: place) }
        lastSpeaker = speaker
    }

    private mutating func begin(named speaker: String, at place: Place) {
        endSpeech()
        speech = (Speech(speaker: speaker), place, false, false)
        lastSpeaker = speaker
    }

    private mutating func say(_ words: String, at place: Place) {
        guard let isStart = speech.map({ !$0.speech.hasWords }), !words.trimmed.isEmpty else { return }
        let text = SpeechText(words, isStart: isStart)
        doubts.note(asides: text.asides, at: place)
        if text.times > 0 { doubts.note(.time, at: place) }
        for part in text.parts {
            if case .delivery(let manner) = part { deliver(manner, at: place) } else { speech?.speech.add(part) }
        }
        if speech?.speech.hasWords == true { hasSpoken = true }
    }

    /// How the words are spoken that follow. Of what no others say so, it may be words.
    private mutating func deliver(_ manner: String, at place: Place) {
        speech?.speech.add(.delivery(manner))
        if Deliveries.isUsual(manner) || !askedOnce.insert("(\(manner))").inserted { return }
        doubts.note(
            "(\(manner.excerpt)) is taken for how the words are spoken", at: place, remedy: "take the parentheses away if it is to be heard"
        )
    }

    private mutating func play(_ sound: SpeakerName.Sound, _ name: String, at place: Place) {
        let name = name.folded
        if name.isEmpty { return keepAsAction(sound == .music ? "Music" : "Sound", at: place) }
        add(sound == .music ? .music(name) : .effect(name), at: place)
    }

    private mutating func keepAsAction(_ text: String, at place: Place) {
        doubts.note(.unheard, at: place)
        add(.action(text.folded), at: place)
    }

    private mutating func add(_ piece: Piece, at place: Place) {
        // Whoever spoke may go on behind it.
        let stoodAlone = speech?.stoodAlone ?? false
        endSpeech()
        pieces.append(Placed(piece: piece, place: place))
        switch piece {
        case .effect, .action: if let lastSpeaker, hasSpoken { speech = (Speech(speaker: lastSpeaker), place, stoodAlone, true) }
        default: break
        }
    }

    private mutating func endSpeech() {
        defer { speech = nil }
        guard let speech else { return }
        if speech.speech.hasWords {
            pieces.append(Placed(piece: .speech(speech.speech), place: speech.place))
        } else if !speech.isReopened {
            let manner = speech.speech.parts.compactMap { part -> String? in
                guard case .delivery(let text) = part else { return nil }
                return "(\(text))"
            }
            doubts.note(.empty, at: speech.place)
            pieces.append(Placed(piece: .action(([speech.speech.speaker] + manner).joined(separator: " ")), place: speech.place))
        }
    }

    private func isCapitals(_ name: String) -> Bool { !name.contains(where: \.isLowercase) && name.contains(where: \.isUppercase) }
}
