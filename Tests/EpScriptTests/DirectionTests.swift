import EpCore
import Testing

@testable import EpScript

/// Notes that say something to the mix, and never to a voice.
struct DirectionTests {
    private func said(_ text: String) -> [String] {
        parse(text).lines.map { "\($0.speaker)\($0.delivery.isEmpty ? "" : " (\($0.delivery))"): \($0.text)" }
    }

    /// `line:word what`
    private func directed(_ text: String) -> [String] {
        parse(text).directions.map { direction in
            let what = switch direction.kind {
            case .pause(let milliseconds): "\(milliseconds) ms"
            case .effect(let name): name
            case .recording(let file): "recording \(file)"
            }
            return "\(direction.line):\(direction.word) \(what)"
        }
    }

    @Test func aRecordingStandsBetweenLines() {
        let text = "BOB\nOne [[recording: media/old  sea.mp3]] two.\n\n[[recording: a.wav]]\n\nMIA\nThree. [[recording: b.flac]]"
        #expect(said(text) == ["BOB: One", "BOB: two.", "MIA: Three."])
        #expect(directed(text) == ["1:0 recording media/old sea.mp3", "2:0 recording a.wav", "3:0 recording b.flac"])
        #expect(ScriptReport(parse(text)).warnings == [])
    }

    @Test(arguments: [
        ("recording a.mp3", "write [[recording: a.mp3]]"), ("recording:", "write [[recording: interview.mp3]]"),
        ("recroding: a.mp3", "did you mean [[recording: a.mp3]]?"),
    ])
    func whatIsNearlyARecordingIsWarnedOf(_ note: String, _ remedy: String) {
        let report = ScriptReport(parse("BOB\nOne. [[\(note)]]"))
        #expect(report.warnings.map(\.remedy) == [remedy] && report.script.directions == [])
    }

    @Test func aNoteOfRecordingsIsForPeople() {
        #expect(ScriptReport(parse("BOB\nOne. [[recording starts at nine]] [[recording]]")).warnings == [])
    }

    @Test func aPauseWithinASpeechMakesTwoLines() {
        let text = "BOB\n(softly)\nOne *two. [[pause 2s]] Three* four.\n\nMIA\nFive."
        #expect(said(text) == ["BOB (softly): One two.", "BOB (softly): Three four.", "MIA: Five."])
        #expect(directed(text) == ["1:0 2000 ms"])
        #expect(parse(text).lines.map(\.location.line) == [1, 3, 5])
        #expect(parse(text).directions[0].location == SourceLocation(file: "test.fountain", line: 3, column: 11))
        #expect(parse(text).lines[1].location.column == 11)
    }

    @Test(arguments: [
        ("[[pause 2s]]", 2000), ("[[ pause  500ms ]]", 500), ("[[Pause 1.5 s]]", 1500), ("[[pause: 2 seconds]]", 2000),
        ("[[pause 0.001s]]", 1), ("[[pause 600s]]", 600_000),
    ])
    func lengthsOfPauses(_ note: String, _ milliseconds: Int) {
        #expect(directed("BOB\nOne. \(note) Two.") == ["1:0 \(milliseconds) ms"])
        #expect(warnings("BOB\nOne. \(note) Two.") == [])
    }

    @Test func aPauseStandsAnywhere() {
        #expect(
            directed(
                "[[pause 1s]]\n\nBOB\n[[pause 2s]]\nOne.\n[[pause 3s]]\nTwo.\n\n[[pause 4s]]\n\n# Two\n\nHe waits. [[pause 5s]]\n\nMIA [[pause 6s]]\nThree.\n\n[[pause 7s]]"
            )
                == ["0:0 1000 ms", "0:0 2000 ms", "1:0 3000 ms", "2:0 4000 ms", "2:0 5000 ms", "2:0 6000 ms", "3:0 7000 ms"])
        // Where nothing is said before or after it, there is no line more.
        #expect(said("BOB\n[[pause 2s]] One. [[pause 1s]]\n\nMIA\nTwo.") == ["BOB: One.", "MIA: Two."])
        #expect(directed("BOB\n[[pause 2s]] One. [[pause 1s]]\n\nMIA\nTwo.") == ["0:0 2000 ms", "1:0 1000 ms"])
    }

    @Test func aDeliveryAfterAPauseIsAnother() {
        #expect(
            said("BOB\n(softly)\nOne.\n[[pause 1s]]\n(louder)\nTwo. [[pause 1s]] Three.") == [
                "BOB (softly): One.", "BOB (louder): Two.", "BOB (louder): Three.",
            ])
        #expect(said("BOB ^\nOne. [[pause 1s]] Two.").count == 2 && parse("BOB ^\nOne. [[pause 1s]] Two.").lines.allSatisfy(\.isDual))
    }

    /// What a voice is given is the same with the note and without it.
    @Test(arguments: [
        ("One [[sfx: bell]] two three.", 1), ("[[sfx: bell]] One two three.", 0), ("One two three. [[sfx: bell]]", 3),
        ("One t[[sfx: bell]]wo three.", 1),
        ("One two[[sfx: bell]] three.", 2), ("One two\n[[sfx: bell]]\nthree.", 2), ("*One [[SFX: *big* bell]] two* three.", 1),
        ("One [[why?]] [[sfx: bell]] /* no */ two three.", 1),
        ("One two\nthr[[sfx: bell]]ee.", 2),
    ])
    func aSoundBeginsOnItsWord(_ words: String, _ before: Int) {
        let script = parse("MIA\nHello.\n\nBOB\n\(words)\n\nMIA\nGoodbye.")
        #expect(script.lines.map(\.text) == ["Hello.", "One two three.", "Goodbye."])
        #expect(script.directions.map(\.line) == [1] && script.directions.map(\.word) == [before])
        #expect(script.directions.map(\.effect) == [words.contains("big") ? "big bell" : "bell"])
    }

    @Test func soundsAndPausesTogether() {
        let text = "BOB\nOne [[sfx: a]] two. [[sfx: b]] [[pause 1s]] [[sfx: c]] Three [[sfx: d]] four."
        #expect(said(text) == ["BOB: One two.", "BOB: Three four."])
        #expect(directed(text) == ["0:1 a", "0:2 b", "1:0 1000 ms", "1:0 c", "1:1 d"])
    }

    @Test func otherNotesAreForPeople() {
        for note in [
            "[[Pause here for a long while, Anna says.]]", "[[sfx could be better]]", "[[note: pause 2s]]", "[[2s]]",
            "[[Sounds good: a bell]]", "/* [[pause 2s]] */",
        ] {
            #expect(directed("BOB\nOne \(note) two.") == [], "\(note)")
        }
        #expect(warnings("BOB\nOne [[Pause here for a long while, Anna says.]] two. [[why?]]") == [])
    }

    @Test(arguments: [
        ("[[puase 2s]]", "did you mean [[pause 2s]]?"), ("[[silence 500 ms]]", "did you mean [[pause 500 ms]]?"),
        ("[[pause two]]", "write [[pause 2s]], or [[pause 500ms]]"),
        ("[[pause]]", "write [[pause 2s]], or [[pause 500ms]]"), ("[[pause 2]]", "write [[pause 2s]], or [[pause 500ms]]"),
        ("[[sfx bell]]", "write [[sfx: bell]]"),
        ("[[sfx:]]", "write [[sfx: bell]]"), ("[[sxf: bell]]", "did you mean [[sfx: bell]]?"),
        ("[[music: bed]]", "write MUSIC: bed on a line of its own, after an empty one"),
        ("[[pause 700s]]", "ten minutes are the longest"),
    ])
    func whatIsNearlyADirectionIsWarnedOf(_ note: String, _ remedy: String) {
        let report = ScriptReport(parse("BOB\nOne two three.\nFour \(note) five."))
        #expect(report.warnings.map(\.remedy) == [remedy])
        #expect(report.warnings.map(\.location?.line) == [3] && report.warnings.map(\.location?.column) == [6])
        #expect(report.script.directions == [] && report.script.lines.count == 1)
    }

    @Test func whatIsLeftOutTakesItsSoundsAlong() {
        let script = parse("A\nOne [[sfx: x]] two.\n\nB\nThree. [[pause 1s]]\n\nA\nFour [[sfx: y]] five.").speaking(only: [0, 2])
        #expect(script.directions.map(\.line) == [0, 1, 1] && script.directions.map(\.effect) == ["x", nil, "y"])
        let other = parse("A\nOne [[sfx: x]] two.\n\nB\nThree.").speaking(only: [1])
        #expect(other.directions == [])
    }

    @Test func aScriptWithDirectionsIsWrittenOutTheSame() {
        let script = parse("BOB\n[[pause 1s]]\nOne [[sfx: bell]] two. [[pause 2s]] Three.\n\n[[pause 3s]]\n\nMIA\nFour.")
        let again = parse(script.fountain)
        #expect(again.lines.map(\.text) == script.lines.map(\.text))
        #expect(
            again.directions.map(\.kind) == script.directions.map(\.kind) && again.directions.map(\.word) == script.directions.map(\.word))
    }

    @Test func markupIsRefused() {
        let script = parse(
            "BOB\nOne\ntwo <break time=\"1.5s\"/> three. <emphasis level='strong'>Four</emphasis>\n\nHe <speak>.\n\nMIA\nIs 3 <4, or <b>5</b>?\n\nMIA\n<Prosody rate=\"slow\">Six."
        )
        #expect(script.markupProblems.map(\.location?.line) == [3, 11])
        #expect(script.markupProblems[0].location?.column == 5)
        #expect(script.markupProblems[0].message == "\"<break time=\"1.5s\"/>\" is SSML, which no script has: it might be read out")
        #expect(script.markupProblems[0].remedy == "write [[pause 1.5s]] in its place")
        #expect(ScriptReport(script).findings.filter { $0.message.contains("SSML") }.count == 2)
        #expect(SpeechMarkup.tags(in: "a <emphasis>b</emphasis>").map(\.remedy).allSatisfy { $0.hasSuffix("*word*") })
        #expect(SpeechMarkup.tags(in: "a <phoneme ph=\"x\">b</phoneme>").map(\.remedy).allSatisfy { $0.contains("lexicon") })
    }
}

struct LexiconTests {
    private let lexicon = Lexicon([
        ("Charon", "Kairon"), ("Io", "eye oh"), ("quark", "kwork"), ("Valles Marineris", "Valleys Marry-nairis"), ("Valles", "no"),
        ("Kairon", "wrong"),
    ])

    @Test(arguments: [
        ("Charon, and Charon's moon", "Kairon, and Kairon's moon"), ("Io. IO? io, Ion, radIo", "eye oh. IO? io, Ion, radIo"),
        ("Quark and quark, QUARK", "kwork and kwork, QUARK"),
        ("The Valles Marineris and Valles", "The Valleys Marry-nairis and no"), ("(Io)-Io", "(eye oh)-eye oh"), ("nothing", "nothing"),
        ("", ""), ("Io", "eye oh"), ("“Io” — Charon…", "“eye oh” — Kairon…"), ("Io\r\nIo", "eye oh\r\neye oh"),
    ])
    func wordsAreSaidOtherwise(_ text: String, _ said: String) { #expect(lexicon.said(text) == said) }

    /// The sign for Kelvin is the letter K, with other bytes.
    @Test func equalLettersNeedNotHaveTheSameBytes() {
        #expect(Lexicon([("OK", "okay")]).said("O\u{212A}") == "okay")
        #expect(Lexicon([("Café", "caffay")]).said("Cafe\u{301}") == "caffay")
    }
}
