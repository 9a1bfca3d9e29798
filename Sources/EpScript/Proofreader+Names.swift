import EpCore

/// Names that are not read as names, so that what stands below them is silent, or in the wrong voice.
extension Proofreader {
    mutating func findNames() {
        findTitlePageNames()
        for index in lines.indices {
            switch lines[index].kind {
            case .dialogue: findNameInSpeech(index)
            case .action where !lines[index].isForced: findNameInAction(index)
            case .section, .transition, .centered, .synopsis: findDressedName(index)
            default: break
            }
        }
        findRepeatedNames()
    }

    private mutating func findTitlePageNames() {
        for entry in script.titlePage where !TitlePage.usualKeys.contains(entry.key.lowercased()) && names.name(in: entry.key) != nil {
            warnOfAddress(entry.key, entry.span.location(in: script.file))
        }
    }

    mutating func warnOfAddress(_ name: String, _ place: SourceLocation) {
        warn(
            "\(quoted("\(name):")) looks like dialogue, but nobody says it", at: place,
            remedy: "write @\(Legible.text(name)) on a line of its own and the words on the next")
    }

    // MARK: in a speech

    /// A line of a speech that is the name of another, as no empty line stands above it.
    private mutating func findNameInSpeech(_ index: Int) {
        let line = lines[index]
        let isFirst = index == 0 || !isSpoken(index - 1)
        let isLast = index + 1 == lines.count || !isSpoken(index + 1)
        if let address = names.address(in: line.text), address.hasColon, address.isKnown || isPlainName(address.name) {
            return warn(
                "\(quoted("\(address.name):")) is spoken here, as words of the one above", at: line.location,
                remedy: "put an empty line above, @\(Legible.text(address.name)) on a line of its own, and the words below it")
        }
        guard !(isFirst && isLast), isNameInSpeech(line, index, isFirst: isFirst, isLast: isLast) else { return }
        warn(
            "\(quoted(line.text)) is spoken here, as words of the one above, and does not begin a speech", at: line.location,
            remedy: "put a quite empty line above a name")
    }

    private func isSpoken(_ index: Int) -> Bool { lines[index].kind.isSpeech }

    private func isPlainName(_ name: String) -> Bool { NameShape(name)?.isPlain == true }

    private func isNameInSpeech(_ line: WrittenLine, _ index: Int, isFirst: Bool, isLast: Bool) -> Bool {
        let name = NameBook.undressed(line.text)
        guard let shape = NameShape(name) ?? (names.name(in: line.text) == nil ? nil : NameShape("NAME")) else { return false }
        let hasColon = line.text.hasSuffix(":") || line.text.hasSuffix("：")
        if names.name(in: line.text) != nil { return shape.isPlain || !isLast || hasColon || line.above == .spaces }
        guard !isFirst, !isLast else { return false }
        if line.above == .spaces || hasColon { return true }
        // Somebody may shout a word: it is a name if a sentence ends above and another begins below.
        let below = lines[index + 1].text
        let above = lines[index - 1].text
        return shape.isPlain && (endsSentence(above) || Self.isSound(above)) && beginsSentence(below)
            && !Capitals.isAll(Array(below.utf8)[...])
    }

    func endsSentence(_ text: String) -> Bool { text.last.map { ".!?…\"”’»)。！？」』*_-–—:".contains($0) } ?? false }

    func beginsSentence(_ text: String) -> Bool {
        guard let first = text.first(where: { !"\"“‘'«(*_¿¡[「『…".contains($0) }) else { return false }
        return first.isUppercase || first.isNumber || (first.isLetter && !first.isLowercase)
    }

    // MARK: in action

    private mutating func findNameInAction(_ index: Int) {
        let line = lines[index]
        let hasWordsBelow = line.below == .none && index + 1 < lines.count && lines[index + 1].element == line.element
        if let name = names.name(in: line.text) {
            if !isInCastList(index), !isBeginningOfSentence(name, index) { warnOfName(name, line) }
            return
        }
        if let address = names.address(in: line.text), address.hasColon,
            address.isKnown || (isPlainName(address.name) && !isPart(address.name) && !isInFrontMatter(line))
        {
            return warnOfAddress(address.name, line.location)
        }
        if isCueAboveMark(index) { return warnOfName(NameBook.undressed(line.text), line) }
        guard hasWordsBelow else { return }
        if names.areNames(line.text) { return warnOfName(NameBook.undressed(line.text), line) }
        let below = lines[index + 1].text
        guard let shape = NameShape(NameBook.undressed(line.text)), NameShape(NameBook.undressed(below)) == nil, beginsSentence(below)
        else { return }
        if isUnmarkedCue(line, shape, below, index) { warnOfName(NameBook.undressed(line.text), line) }
    }

    /// Whether a line in capitals has words right below it that a mark at their front makes another thing than speech: `# 1 fan`,
    /// `> quoted`.
    private func isCueAboveMark(_ index: Int) -> Bool {
        let line = lines[index]
        guard line.above == .empty, line.below == .none, index + 1 < lines.count,
            NameShape(NameBook.undressed(line.text))?.letters == .capitals
        else { return false }
        switch lines[index + 1].kind {
        case .section, .transition, .synopsis: return !isPart(line.text)
        case .action: return lines[index + 1].isForced
        default: return false
        }
    }

    /// Whether a line that nobody is known by stands where a cue would: words right below it, and nothing or a sentence above it.
    private func isUnmarkedCue(_ line: WrittenLine, _ shape: NameShape, _ below: String, _ index: Int) -> Bool {
        let hasColon = line.text.hasSuffix(":") || line.text.hasSuffix("：")
        switch shape.letters {
        case .capitals:
            guard line.above == .none, index > 0 else { return hasColon }
            let above = lines[index - 1].text
            return (hasColon || endsSentence(above) || isTime(above) || above.hasSuffix("-->"))
                && !Capitals.isAll(Array(below.utf8)[...])
        case .capitalized:
            // A title at the top of a script has its author below it.
            guard line.above != .none, hasColon || script.lines.isEmpty || index > 0 else { return false }
            return hasColon || (endsSentence(below) && below.utf8.count > 3)
        case .withoutCase: return line.above != .none && (hasColon || endsSentence(below))
        }
    }

    /// `00:07` alone on its line.
    private func isTime(_ text: String) -> Bool {
        text.contains(where: \.isNumber) && text.allSatisfy { $0.isNumber || ":.,[]()->– ".contains($0) }
    }

    mutating func warnOfName(_ name: String, _ line: WrittenLine) {
        let isDressed = line.text != name && !line.text.hasPrefix("@")
        let remedy = isDressed || !isPlainName(name)
            ? "write @\(Legible.text(name)) alone on the line, with an empty line above it and the words right below it"
            : "a character cue has an empty line above it and none below it"
        warn("\(quoted(name)) is read as action here, not as a speaker", at: line.location, remedy: remedy)
    }

    /// `VARIOUS SHOTS: …` tells what a camera sees, `TITLE: …` what is read.
    private func isPart(_ name: String) -> Bool {
        let words = name.lowercased().split(separator: " ").map(String.init)
        return words.first.map(Self.partNames.contains) == true || words.contains { $0 == "shot" || $0 == "shots" }
    }

    /// `KARL`, an empty line, `to his right.`: what the camera turns to, as screenplays have it, behind an open sentence or of somebody who
    /// speaks often
    /// enough elsewhere. `Scott --` above an empty line begins a letter.
    private func isBeginningOfSentence(_ name: String, _ index: Int) -> Bool {
        guard lines[index].below == .empty, index + 1 < lines.count, lines[index + 1].isAction else { return false }
        if lines[index].text.hasSuffix("--") || lines[index].text.hasSuffix("—") { return true }
        guard lines[index + 1].text.first?.isLowercase == true else { return false }
        return (index > 0 && lines[index - 1].isAction && isOpen(lines[index - 1].text))
            || cast.contains { $0.name == name && $0.lines >= 5 }
    }

    /// `where we see...`
    private func isOpen(_ text: String) -> Bool { text.hasSuffix("...") || text.hasSuffix("…") || !endsSentence(text) }

    /// Names one below the other are a list of who speaks.
    private func isInCastList(_ index: Int) -> Bool {
        [index - 1, index + 1].contains { other in
            guard lines.indices.contains(other), lines[other].element == lines[index].element else { return false }
            return names.name(in: lines[other].text) != nil
        }
    }

    /// Between the rule at the top of the file and the next one.
    func isInFrontMatter(_ line: WrittenLine) -> Bool { line.element < frontMatterEnd }

    /// A section, a transition or centred text that is a name, with words right below it.
    private mutating func findDressedName(_ index: Int) {
        let line = lines[index]
        if let address = names.address(in: line.text), address.isKnown, address.hasColon {
            return warnOfAddress(address.name, line.location)
        }
        guard line.below == .none, index + 1 < lines.count, lines[index + 1].isAction else { return }
        let name = NameBook.undressed(line.text)
        let isDeep = if case .section(let level) = line.kind { level >= 3 } else { false }
        guard names.name(in: line.text) != nil || (isDeep && NameShape(name) != nil) else { return }
        warn(
            "\(quoted(name)) is read as \(line.kind.name.replacing("_", with: " ")) here, not as a speaker", at: line.location,
            remedy: "write @\(Legible.text(name)) alone on the line, with an empty line above it and the words right below it")
    }
}

/// What comes again and again where a name would stand is a name, though nobody knows it. Once it may be anything: `NORA - the keeper of
/// the light` is a list of who speaks.
extension Proofreader {
    mutating func findRepeatedNames() {
        var names: [String: [Int]] = [:]
        var addresses: [String: [Int]] = [:]
        for (index, line) in lines.enumerated() where index + 1 < lines.count && isSilentName(line, index) {
            names[NameBook.key(line.text), default: []].append(index)
        }
        for (index, line) in lines.enumerated() where mayHideName(line) && !isInFrontMatter(line) {
            guard let address = self.names.address(in: line.text), NameShape.isShort(address.name), !isPart(address.name) else { continue }
            addresses[address.name.lowercased(), default: []].append(index)
        }
        findAddressesInRow(addresses.values.joined().sorted())
        for places in names.values where isOftenEnough(places) {
            for line in places.map({ lines[$0] }) { warnOfName(NameBook.undressed(line.text), line) }
        }
        for (name, places) in addresses
        where isOftenEnough(places) || (script.lines.isEmpty && NameShape(lines[places[0]].text.prefix { $0 != ":" }.description) != nil) {
            for line in places.map({ lines[$0] }) { warnOfAddress(self.names.address(in: line.text)?.name ?? name, line.location) }
        }
    }

    /// Two names with colons in lines one below the other are two speakers.
    private mutating func findAddressesInRow(_ places: [Int]) {
        for (index, next) in zip(places, places.dropFirst()) where next == index + 1 && lines[index].element == lines[next].element {
            let found = [index, next].compactMap { place in names.address(in: lines[place].text).map { (place, $0) } }
            guard
                found.allSatisfy({ $0.1.hasColon && NameShape($0.1.name) != nil && !TitlePage.usualKeys.contains($0.1.name.lowercased()) })
            else { continue }
            for (place, address) in found { warnOfAddress(address.name, lines[place].location) }
        }
    }

    /// Kinds that are not heard, and under whose marks a name may stand.
    private func mayHideName(_ line: WrittenLine) -> Bool {
        switch line.kind {
        case .action: !line.isForced
        case .section, .centered, .transition: true
        default: false
        }
    }

    /// Names in small letters must come oftener: they may be any word.
    private func isOftenEnough(_ places: [Int]) -> Bool {
        places.count
            >= (places.contains {
                NameShape(NameBook.undressed(lines[$0].text)) != nil || NameShape(names.address(in: lines[$0].text)?.name ?? "") != nil
            } ? 2 : 3)
    }

    /// Whether a line of action stands where a name would, with words below it. With an empty line between them, only in a script in which
    /// next to nothing is spoken.
    private func isSilentName(_ line: WrittenLine, _ index: Int) -> Bool {
        guard mayHideName(line), line.above != .none || line.kind != .action, lines[index + 1].isAction,
            NameShape.isShort(NameBook.undressed(line.text))
        else { return false }
        return line.below == .none || script.lines.count * 4 < lines.count
    }
}
