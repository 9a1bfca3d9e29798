import EpCore
import Testing

@testable import EpOffline

/// The episode `ep001-how-rockets-work`, from its sources to its script, with the prompts that the show has.
struct RocketEpisodeTests {
    let workshop: Workshop
    let chain: Workshop.Chain
    let script: FountainCheck

    init() throws {
        workshop = try Workshop(episode: "ep001-how-rockets-work")
        chain = try workshop.chain()
        script = FountainCheck(chain.script, hasTitlePage: true)
    }

    @Test func samePromptGivesSameBytes() throws {
        let again = try workshop.chain()
        #expect(again.concept == chain.concept && again.outline == chain.outline)
        #expect(again.segments == chain.segments && again.script == chain.script)
    }

    @Test func everyDocumentSaysHowItWasMade() {
        let line = "made_by: offline writer \(OfflineWriter.revision), composed from the sources"
        #expect(chain.concept.contains(line) && chain.outline.contains(line))
        #expect(script.titlePage.contains { $0.hasPrefix("Notes: Made by offline writer") })
    }

    @Test func conceptHasWhatAnOutlineNeeds() throws {
        let concept = try BlockYAML.value(of: chain.concept)
        #expect(concept["hook_question"] == "How can something so heavy fly?")
        #expect(concept["learning_objectives"]?.list?.count == 3)
        let words = concept["vocabulary"]?.list?.compactMap { $0["word"]?.string }
        #expect(words?.starts(with: ["thrust", "nozzle", "stage", "gravity", "orbit"]) == true)
        let texts = workshop.sources.joined(separator: " ")
        for word in words ?? [] { #expect(texts.contains(word)) }
    }

    @Test func outlineHasItsBeats() throws {
        let beats = try BlockYAML.value(of: chain.outline)["beats"]?.list ?? []
        #expect(beats.compactMap { $0["kind"]?.string } == ["hello", "explain", "explain", "explain", "explain", "try", "recap"])
        #expect(beats.allSatisfy { $0["purpose"]?.string != nil })
    }

    @Test func scriptIsFountain() {
        #expect(script.mistakes == [])
        #expect(script.chapters.count == 7)
        #expect((60...85).contains(script.speeches.count), "\(script.speeches.count) speeches")
        #expect(Set(script.speeches.map(\.speaker)) == ["NARRATOR", "OLIVER", "PIP"])
        let known: Set = [
            "excited", "amazed", "curious", "cheerfully", "proudly", "warmly", "slowly", "seriously", "whispering", "laughing",
        ]
        #expect(Set(script.speeches.compactMap(\.delivery)).isSubset(of: known))
        let cues = Set(
            ["intro", "bed", "outro"].map { "MUSIC: \($0)" } + ["whoosh", "ding", "rocket", "pop", "footsteps"].map { "SFX: \($0)" })
        #expect(Set(script.cues).isSubset(of: cues))
        #expect(script.cues.first == "MUSIC: intro" && script.cues.last == "MUSIC: outro")
    }

    /// The show says how long its listeners may think.
    @Test func aListenerMayThink() throws {
        #expect(
            script.pauses == 1
                && chain.script.contains("And this one is for you at home. Why does a rocket not fall down again?\n\n[[pause 4s]]\n\nPIP\n")
        )
        var other = workshop
        other.show = .object((other.show.members ?? []).filter { $0.key != "listener_pause_seconds" })
        #expect(try !other.chain().script.contains("[[pause"))
    }

    /// What a rejection wants less of goes; what the sources say of it stays.
    @Test func aRejectionIsHeeded() throws {
        let concept = Value.Member("ideation", try BlockYAML.value(of: chain.concept))
        let rejection = "\n## Rejection\n\n```yaml\nnotes:\n  - Less of the kettle, please.\n```\n"
        let outline = try OfflineWriter.write(prompt: workshop.prompt("outlining", concept) + rejection)
        #expect(chain.outline.contains("The kettle sings") && chain.outline.contains("The kettle begins to sing"))
        #expect(!outline.contains("The kettle") && outline.contains("oxygen"))
        for (notes, text, isRefused) in [
            ("Less of the kettle", "The kettle sings.", true), ("Too many kettles!", "A kettle.", true),
            ("no more of his jars, please", "Mind the jars!", true),
            ("without Pip's tail", "Her tail twitches.", false), ("More to try at home", "Try it at home.", false),
            ("", "The kettle", false),
        ] { #expect(Wishes(notes).refuse(text) == isRefused, "\(notes)") }
    }

    /// Between 4 and 7 minutes at 155 words a minute and half a second after each speech.
    @Test func scriptIsAsLongAsAnEpisode() {
        let words = script.speeches.reduce(0) { $0 + Words.split($1.text).count }
        let minutes = Double(words) / 155 + Double(script.speeches.count) / 120
        #expect((4...7.2).contains(minutes), "\(minutes) minutes")
    }

    @Test func sentencesAreShortEnoughForAChild() {
        for sentence in script.speeches.flatMap(\.sentences) {
            #expect(Words.split(sentence).count <= 26, "\(sentence)")
        }
    }

    /// Whatever is said is a remark that the show gives its characters, or its words stand together in the sources.
    @Test func factsComeFromTheSources() {
        let facts = FactCheck(sources: workshop.sources, blueprint: [workshop.show, workshop.episode])
        for sentence in script.speeches.flatMap(\.sentences) { #expect(facts.isKnown(sentence), "invented: \(sentence)") }
        #expect(!facts.isKnown("A rocket is made of cheese."))
        #expect(!facts.isKnown("Thrust pulls the Moon down."))
    }

    @Test func nobodyRepeatsARemark() {
        let catchphrases = (workshop.show["characters"]?.list ?? []).flatMap { $0["catchphrases"].strings }
        #expect(catchphrases.count == 5)
        for phrase in catchphrases {
            #expect(script.speeches.filter { $0.text.contains(phrase) }.count <= 2)
        }
        for chapter in script.chapters {
            let texts = script.speeches.filter { $0.chapter == chapter }.map(\.text)
            #expect(catchphrases.filter { phrase in texts.contains { $0.contains(phrase) } }.count <= 1)
        }
        let manners = (workshop.show["characters"]?.list ?? []).flatMap { $0["manner"]?.members ?? [] }
        for phrase in manners.flatMap({ Optional($0.value).strings }) {
            #expect(script.speeches.filter { $0.text.contains(phrase) }.count <= 1, "\(phrase)")
        }
    }

    @Test func constraintsAreKept() {
        for speech in script.speeches {
            #expect(speech.sentences.count <= (speech.speaker == "PIP" ? 2 : 3), "\(speech.text)")
        }
    }

    /// A character's voice is no business of a writer's: no prompt names it.
    @Test func voicesDoNotEnterPrompts() throws {
        for name in ["ideation", "outlining", "segment", "script"] {
            let concept = Value.Member("ideation", ["topic": "x"])
            let prompt = try workshop.prompt(name, concept, .init("item", ["title": "x"]), .init("segment_generation", ["x"]))
            #expect(!prompt.contains("espeak") && !prompt.contains("pitch:"))
        }
    }

    /// Each scene is written from its own beat: another beat's remark may change without touching it.
    @Test func aSceneDependsOnItsBeatAlone() throws {
        var other = workshop
        other.sources[0] = other.sources[0].replacing("Some first stages fall into the sea.", with: "Many first stages fall into the sea.")
        #expect(try other.chain().segments == chain.segments)
        other.sources[0] = other.sources[0].replacing(
            "With less to carry, it speeds up more easily.", with: "It speeds up more easily now.")
        let changed = zip(try other.chain().segments, chain.segments).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
        #expect(changed == [3])
    }
}

/// Knows what may be said: the sources' own words, and what the blueprint lets the characters say.
private struct FactCheck {
    /// The words of two neighbouring paragraphs each, as a sentence may join a list with what leads to it.
    private let passages: [Set<String>]
    private let remarks: Set<String>

    init(sources: [String], blueprint: [Value]) {
        passages = sources.flatMap { text in
            let paragraphs = text.split(separator: "\n\n").map { Set(Words.split(String($0)).map(Words.bare)) }
            return zip(paragraphs, paragraphs.dropFirst()).map { $0.union($1) }
        }
        remarks = Set((blueprint.flatMap(Self.texts) + Talk.allCases.flatMap(\.usual)).flatMap(Sentence.split).map(\.text))
    }

    func isKnown(_ sentence: String) -> Bool {
        if remarks.contains(sentence) { return true }
        let connectives: Set = [
            "first", "next", "after", "happens", "always", "thought", "name", "have", "that", "does", "then", "now", "and", "but", "so",
        ]
        let words = Set(Words.split(sentence).map(Words.bare)).subtracting(connectives).subtracting(["i", "what", "if", "a"])
        return passages.contains { words.isSubset(of: $0) }
    }

    private static func texts(_ value: Value) -> [String] {
        switch value {
        case .string(let text): [text]
        case .list(let values): values.flatMap(texts)
        case .object(let members): members.flatMap { texts($0.value) }
        default: []
        }
    }
}
