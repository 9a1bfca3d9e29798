import EpCore
public import EpPlan
import EpSound

/// Finds when the words of a known English text are said, by pocketsphinx: it is told to hear just these words.
///
/// Debian's program has no option for that. A grammar of one sentence does the same.
public struct ForcedAligner: Sendable {
    /// Part of every address.
    public static let revision = "1"
    public static let program = PocketSphinx().program
    /// Tells how words are said that are in no dictionary.
    public static let speller = FliteVoice().program

    private let programs: any ProgramDoor
    /// False if nobody here knows how unknown words are said.
    private let canSpell: Bool

    public init(_ programs: any ProgramDoor, canSpell: Bool) { (self.programs, self.canSpell) = (programs, canSpell) }

    /// - Parameter wav: not longer than half a minute or so.
    /// - Returns: a time for each of the words; nil if they are not said in that sound, or nobody knows how they are said.
    /// - Throws: `StepFailure` if a program was ended, `Diagnostic` (`unavailable`) if it is missing, `CancellationError`.
    public func align(_ words: [String], in wav: [UInt8]) async throws -> [TimedWord]? {
        let spelled = words.map(Self.spelled)
        guard !spelled.contains(nil) else { return nil }
        let tokens = spelled.compactMap { $0 }
        let all = tokens.flatMap { $0 }
        guard !all.isEmpty else { return nil }
        let sound = try PCM(wav: wav, named: "speech.wav").signed16(at: 16_000)
        let grammar = "#JSGF V1.0;\ngrammar words;\npublic <words> = \(all.joined(separator: " ")) ;\n"
        let files = ["speech.raw": sound, "words.gram": Array(grammar.utf8)]
        guard let heard = try await heard(all, files) else { return nil }
        return Self.joined(words, tokens, heard)
    }

    /// First with the dictionary of the program; it knows several ways to say a word. If a word is not in it, with one that is made of all
    /// words.
    private func heard(_ tokens: [String], _ files: [String: [UInt8]]) async throws -> [TimedWord]? {
        let usual = [
            Self.program.name, "-infile", "speech.raw", "-jsgf", "words.gram", "-time", "yes", "-bestpath", "no", "-remove_silence", "no",
            "-logfn", "/dev/null",
        ]
        if let heard = try await listen(usual, files), heard.map({ $0.text.lowercased() }) == tokens { return heard }
        guard canSpell, let dictionary = try await dictionary(of: tokens) else { return nil }
        let heard = try await listen(usual + ["-dict", "words.dict"], files.merging(["words.dict": dictionary]) { $1 })
        return heard.flatMap { heard in heard.map { $0.text.lowercased() } == tokens ? heard : nil }
    }

    private func listen(_ arguments: [String], _ files: [String: [UInt8]]) async throws -> [TimedWord]? {
        guard let output = try await run(arguments, files) else { return nil }
        return try? PocketSphinx().read(output).words
    }

    /// - Returns: nil if the program has given up by itself.
    private func run(_ arguments: [String], _ files: [String: [UInt8]]) async throws -> String? {
        do {
            return try await programs.run(arguments, files: files)
        } catch let failure as StepFailure where failure.exitStatus != nil {
            return nil
        }
    }

    /// How flite says each word, a line a word.
    private func dictionary(of tokens: [String]) async throws -> [UInt8]? {
        let words = Array(Set(tokens)).sorted()
        let script = "while read -r word; do flite -t \"$word\" -ps none; echo; done < words.txt"
        let list = Array(words.map { $0 + "\n" }.joined().utf8)
        guard let output = try await run(["sh", "-c", script], ["words.txt": list]) else { return nil }
        let said = output.split(separator: "\n").map { line in line.split(separator: " ").compactMap(Self.phone) }.filter { !$0.isEmpty }
        guard said.count == words.count else { return nil }
        return Array(zip(words, said).map { "\($0) \($1.joined(separator: " "))\n" }.joined().utf8)
    }

    /// A sound as the model calls it; flite has one more vowel, and a pause.
    private static func phone(_ name: Substring) -> String? {
        switch name {
        case "pau": nil
        case "ax": "AH"
        default: name.uppercased()
        }
    }

    /// The words that a written word is said in: `42` is two. Empty for signs.
    /// - Returns: nil for what is not English.
    static func spelled(_ word: String) -> [String]? {
        if word.contains(where: \.isNumber) { return HeardWords.of(word).allSatisfy(isPlain) ? HeardWords.of(word) : nil }
        var (words, current) = ([String](), "")
        for character in word.lowercased() {
            switch character {
            case "’", "'": current += "'"
            case _ where character.isLetter: current += PlainLetters.of(character) ?? String(character)
            default:
                words.append(current)
                current = ""
            }
        }
        words = (words + [current]).map { $0.trimmed(of: "'") }.filter { !$0.isEmpty }
        return words.allSatisfy(isPlain) ? words : nil
    }

    private static func isPlain(_ word: String) -> Bool { word.utf8.allSatisfy { (97...122).contains($0) || $0 == 39 } }

    private static func joined(_ words: [String], _ tokens: [[String]], _ heard: [TimedWord]) -> [TimedWord] {
        var next = 0
        return zip(words, tokens).map { word, tokens in
            defer { next += tokens.count }
            guard !tokens.isEmpty else {
                let moment = next > 0 ? heard[next - 1].end : heard[0].start
                return TimedWord(word, from: moment, to: moment)
            }
            return TimedWord(word, from: heard[next].start, to: heard[next + tokens.count - 1].end)
        }
    }
}

extension String {
    fileprivate func trimmed(of character: Character) -> String {
        var rest = self[...]
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return String(rest)
    }
}
