import EpCore

/// Looks through a script for what a person probably did not mean, above all for words that nobody says, or the wrong voice. Everything it
/// finds is a warning.
///
/// It knows the script as it was read, the lines as they stand on the page, and whom the show knows. Each rule is to be right nine times
/// of ten on scripts that people have written. Its work grows with the length of the script, whatever stands in it.
struct Proofreader {
    /// In the order of the file; one a line, as the rules come.
    private(set) var warnings: [Diagnostic] = []
    /// Who speaks and is nobody of the show, and markup: the one who gives out voices refuses them, so a build has no need to be warned of
    /// them.
    private(set) var strangers: [Diagnostic] = []

    let script: Script
    let cast: [ScriptReport.CastMember]
    let show: ShowCast
    let names: NameBook
    let lines: [WrittenLine]
    /// Index of the first element behind the front matter; 0 if the script has none.
    let frontMatterEnd: Int
    private var warnedLines: Set<Int> = []

    init(_ script: Script, cast: [ScriptReport.CastMember], show: ShowCast) {
        self.script = script
        self.cast = cast
        self.show = show
        names = NameBook(speakers: cast.map(\.name), show: show)
        lines = WrittenLines(of: script).lines
        let hasFrontMatter = script.elements.first?.kind == .pageBreak
        frontMatterEnd = hasFrontMatter ? script.elements.dropFirst().firstIndex { $0.kind == .pageBreak } ?? 0 : 0
        findMarks()
        findDirections()
        findCues()
        findNames()
        findCutSpeeches()
        findUnheardParagraphs(said: cast.reduce(0) { $0 + $1.words })
        findDeliveries()
        findSounds()
        findStrangers()
        findSilence()
        strangers += script.markupProblems
        warnings.sort { Self.place($0) < Self.place($1) }
    }

    private static func place(_ warning: Diagnostic) -> (Int, Int) {
        (warning.location?.line ?? 0, warning.location?.column ?? 0)
    }

    /// One warning a line is enough: who has looked at the line sees the rest.
    mutating func warn(_ message: String, at location: SourceLocation, remedy: String) {
        guard warnedLines.insert(location.line).inserted else { return }
        warnings.append(Diagnostic(.badInput, message, at: location, remedy: remedy, severity: .warning))
    }

    /// A word of the script, as a warning shows it.
    func quoted(_ words: String) -> String { "\"\(Legible.text(words))\"" }

    private mutating func findSilence() {
        guard script.lines.isEmpty else { return }
        let place = lines.first?.location ?? SourceLocation(file: script.file, line: 1, column: 1)
        warnings.append(Diagnostic(
            .badInput, "nobody says anything in this script", at: place,
            remedy: Script.silenceRemedy, severity: .warning))
    }

    private mutating func findStrangers() {
        guard names.knowsShow else { return }
        let known = show.characters.map(\.name)
        for member in cast where !names.isOfShow(member.name) && !warnedLines.contains(member.location.line) {
            let remedy =
                member.name.utf8.count > NearName.mostLetters
                ? "known: \(known.joined(separator: ", "))" : Suggestion.remedy(for: member.name, in: known)
            strangers.append(
                Diagnostic(
                    .badInput, "nobody in the show is called \(quoted(member.name))", at: member.location,
                    remedy: Legible.text(remedy, atMost: 400), severity: .warning))
        }
    }
}
