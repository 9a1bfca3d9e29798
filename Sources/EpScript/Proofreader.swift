import EpCore

/// Looks through a script for what a person probably did not mean. Everything it finds is a warning.
struct Proofreader {
    private(set) var warnings: [Diagnostic] = []

    private let script: Script
    private let speakers: Set<String>

    /// Above this many names, typing errors are not looked for: every pair would have to be compared.
    private static let mostNames = 400

    init(_ script: Script, cast: [ScriptReport.CastMember]) {
        self.script = script
        speakers = Set(cast.map(\.name))
        findUnclosedMarks()
        findTypingErrors(in: cast)
        findSilentCues()
        findNamesWithColon()
        findSpokenMarks()
        warnings.sort { Self.place($0) < Self.place($1) }
    }

    private static func place(_ warning: Diagnostic) -> (Int, Int) {
        (warning.location?.line ?? 0, warning.location?.column ?? 0)
    }

    private mutating func warn(_ message: String, at location: SourceLocation, remedy: String) {
        warnings.append(Diagnostic(.badInput, message, at: location, remedy: remedy, severity: .warning))
    }

    private mutating func findUnclosedMarks() {
        for mark in script.unclosed {
            switch mark.kind {
            case .note:
                warn(
                    "this note is never closed, so it counts as text", at: mark.location,
                    remedy: "end it with ]]; inside a note, keep an empty line with two spaces")
            case .boneyard:
                warn("this boneyard is never closed, so it counts as text", at: mark.location, remedy: "end it with */")
            }
        }
    }

    /// A name of one or two lines that is nearly that of someone who has at least three times as many.
    private mutating func findTypingErrors(in cast: [ScriptReport.CastMember]) {
        guard cast.count <= Self.mostNames else { return }
        for rare in cast where rare.lines <= 2 {
            let common = cast.filter { $0.lines >= 3 * rare.lines && !Self.differInNumber($0.name, rare.name) }
            guard let meant = Suggestion.nearest(to: rare.name, in: common.map(\.name)) else { continue }
            warn(
                "\"\(rare.name)\" speaks only \(rare.lines == 1 ? "once" : "twice"), and is nearly \"\(meant)\"",
                at: rare.location, remedy: "did you mean \"\(meant)\"?")
        }
    }

    /// `GUARD 1` and `GUARD 2` are two people.
    private static func differInNumber(_ left: String, _ right: String) -> Bool {
        left.utf8.filter { !$0.isDigit } == right.utf8.filter { !$0.isDigit } && left != right
    }

    /// Character cues that nothing is said under, and known names that an empty line keeps from being cues.
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
            default:
                isWaiting = false
                if element.kind == .action { findNames(in: element) }
            }
        }
        for cue in silent {
            warn(
                "\"\(cue.text)\" says nothing here", at: cue.span.location(in: script.file),
                remedy: "write the words right under the name, without an empty line")
        }
    }

    /// A line of action that is the name of a speaker: the cue has an empty line under it, or none above it.
    private mutating func findNames(in action: Element) {
        for (line, location) in lines(of: action) where line.utf8.count < 80 {
            let name = CharacterName.speaker(of: String(decoding: Array(line.utf8)[...].trimmed, as: UTF8.self))
            guard speakers.contains(name) else { continue }
            warn(
                "\"\(name)\" is read as action here, not as a speaker", at: location,
                remedy: "a character cue has an empty line above it and none below it")
        }
    }

    /// Dialogue written as `Name: words`, which Fountain reads as action: warned of if the name is a speaker's, or
    /// comes twice.
    private mutating func findNamesWithColon() {
        var found: [(name: String, location: SourceLocation)] = []
        for entry in script.titlePage where !TitlePage.usualKeys.contains(entry.key.lowercased()) {
            if !entry.values.isEmpty { found.append((entry.key, entry.span.location(in: script.file))) }
        }
        for element in script.elements where element.kind == .action {
            for (line, location) in lines(of: element) {
                if let name = Self.nameWithColon(line) { found.append((name, location)) }
            }
        }
        let known = Set(speakers.map { $0.lowercased() })
        let counts = Dictionary(found.map { ($0.name, 1) }, uniquingKeysWith: +)
        for (name, location) in found where known.contains(name.lowercased()) || counts[name, default: 0] > 1 {
            warn(
                "\"\(name):\" looks like dialogue, but nobody says it", at: location,
                remedy: "write @\(name) on a line of its own and the words on the next")
        }
    }

    /// The name in `Name: words`: at most three words, the first with a capital.
    private static func nameWithColon(_ line: String) -> String? {
        let bytes = Array(Emphasis.plain(line).utf8)[...].trimmed
        guard let key = TitlePage.key(of: bytes), key.endIndex + 1 < bytes.endIndex, key.text.first?.isUppercase == true,
            key.count <= 40, key.count(where: { $0 == .space }) < 3
        else { return nil }
        return key.trimmed.text
    }

    /// Marks that are said aloud because they do not stand where they mean something.
    private mutating func findSpokenMarks() {
        for element in script.elements {
            guard element.kind == .dialogue || element.kind == .action else { continue }
            for (line, location) in lines(of: element) {
                if element.kind == .dialogue { findSpokenMark(line, location) } else { findSmallCue(line, location) }
            }
        }
    }

    private mutating func findSpokenMark(_ line: String, _ location: SourceLocation) {
        if line.hasPrefix("SFX:") || line.hasPrefix("MUSIC:") {
            warn("this cue stands in a speech, so it is spoken", at: location, remedy: "put an empty line above it")
        } else if line.hasPrefix("("), let close = line.utf8.firstIndex(of: UInt8(ascii: ")")) {
            let delivery = String(line[...close])
            warn(
                "\"\(delivery)\" stands before the words, so it is spoken", at: location,
                remedy: "put a delivery on a line of its own")
        }
    }

    private mutating func findSmallCue(_ line: String, _ location: SourceLocation) {
        let bytes = Array(line.utf8)[...].trimmed
        let isEffect = bytes.begins(with: "sfx:")
        guard isEffect || bytes.begins(with: "music:") else { return }
        let word = isEffect ? "SFX" : "MUSIC"
        if Grammar.read(bytes, in: .gap, followedBy: .gap).kind != .action { return }  // forced with `!`
        warn("this is not heard as a cue", at: location, remedy: "write it as \(word): and the name of the sound")
    }

    /// The lines of an element and where they begin. A note that spans lines makes the places after it approximate.
    private func lines(of element: Element) -> [(text: String, location: SourceLocation)] {
        element.text.utf8.split(separator: .lineFeed, omittingEmptySubsequences: false).enumerated().map { index, line in
            let place = element.span
            let location = SourceLocation(file: script.file, line: place.line + index, column: index == 0 ? place.column : 1)
            return (String(Substring(line)), location)
        }
    }
}
