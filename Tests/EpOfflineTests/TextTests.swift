import EpCore
import Testing

@testable import EpOffline

struct SentenceTests {
    private func split(_ text: String) -> [String] { Sentence.split(text).map(\.text) }

    @Test func sentencesEndWhereTheyEnd() {
        #expect(
            split("It is 3.5 km. Dr. Who said \"Go!\" Then e.g. J. Verne wrote; it was fun") == [
                "It is 3.5 km.", "Dr. Who said \"Go!\"", "Then e.g. J. Verne wrote.", "It was fun.",
            ])
        #expect(
            split("This was the Saturn V. It flew. Why? Nobody … knows.") == [
                "This was the Saturn V.", "It flew.", "Why?", "Nobody … knows.",
            ])
        #expect(split("") == [] && split("– – …") == [])
    }

    @Test func bracketsAreLeftOut() {
        #expect(split("A cat (a small one) sleeps (always).") == ["A cat sleeps."])
        #expect(split("A cat (a small one sleeps.") == ["A cat a small one sleeps."])
    }

    @Test func longSentencesAreDivided() {
        let long =
            "The river that comes down from the high mountains turns the old mill, and the mill grinds the corn for all the people in the town below."
        #expect(split(long).map { Words.split($0).count } == [13, 14])
    }

    @Test func numbersThatAstonish() {
        #expect(Sentence.split("It was 110 metres tall, and old.").first?.bigNumber == "110 metres tall")
        #expect(Sentence.split("It burns at three thousand degrees.").first?.bigNumber == "Three thousand degrees")
        #expect(Sentence.split("It flies eight kilometres every second.").first?.bigNumber == "Eight kilometres every second")
        #expect(Sentence.split("It flew in 1969 with two people.").first?.bigNumber == nil)
    }
}

struct MoveTests {
    private func move(_ text: String) -> Move? { Sentence.split(text).first.map(Move.init) }

    @Test func formsOfSentences() {
        #expect(move("Why is it so?") == .question)
        #expect(move("So it flies very well.") == .conclusion("So it flies very well!"))
        #expect(move("So that it flies, it needs air.") == .statement)
        #expect(move("That is why they float.") == .conclusion("So that is why they float!"))
        #expect(
            move("The gas goes down, so the rocket goes up.") == .completed(first: "The gas goes down.", rest: "So the rocket goes up!"))
        #expect(move("It lands on legs, so that it can fly again.") == .statement)
        #expect(move("The ice melts because it is warm.") == .reason(fact: "The ice melts.", reason: "Because it is warm."))
        #expect(move("It does not fall just because it is heavy.") == .statement)
        #expect(move("Many people think that bees sleep in winter.") == .mistake(belief: "bees sleep in winter."))
        #expect(move("This push is called thrust.") == .name(word: "thrust", noun: "push"))
        #expect(move("It is called by the wind from the sea.") == .statement)
        #expect(move("You can see it.") == .toListener)
    }

    @Test func conditionsBecomeQuestions() {
        #expect(
            move("If you throw your ball, you roll back.")
                == .condition(question: "What happens if I throw my ball?", answer: "Then you roll back."))
        #expect(
            move("When the ice melts, the sea rises.")
                == .condition(question: "What happens when the ice melts?", answer: "Then the sea rises."))
        #expect(move("If it hits you, you fall down.") == .toListener)
    }
}

struct SourceTests {
    @Test func markdownBecomesSections() {
        let source = Source([
            "# Title\n\nHello *you*.\n\n## First\n\nOne. Two.\n\nYou need:\n\n- a cup\n- a spoon\n\n1. Stir\n2. Drink\n   slowly\n"
        ])
        #expect(source.title == "Title")
        #expect(source.sections.map(\.heading) == [nil, "First"])
        #expect(source.sections[1].sentences.map(\.text) == ["One.", "Two.", "You need a cup and a spoon.", "Stir.", "Drink slowly."])
        #expect(source.sections[1].hasSteps)
    }

    @Test func excerptsAreReadBack() {
        let section = Source(["## First\n\nOne is here. Two is there.\n\n1. Stir it\n2. Drink it\n"]).sections[0]
        #expect(Source([section.markdown]).sections[0].markdown == section.markdown)
    }

    @Test(arguments: [(1, 1), (3, 3), (7, 4), (9, 4), (4, 4)])
    func groupsAreNeverEmpty(count: Int, groups: Int) {
        for heavy in 0..<count {
            let parts = Source.divided(Array(0..<count), into: groups) { $0 == heavy ? 1000 : 1 }
            #expect(parts.count == groups && parts.allSatisfy { !$0.isEmpty } && parts.flatMap { $0 } == Array(0..<count))
        }
    }
}

struct BlockYAMLTests {
    @Test func whatIsWrittenIsRead() throws {
        let value: Value = [
            "text": "plain, and simple", "colon": "Note: this", "number": 7, "half": 0.5, "yes": "yes", "flag": true, "none": .null,
            "quote": "say \"hi\"\\", "empty": "", "block": "# A\n\nB\n  C\n", "strip": "a\nb", "spaces": " a\nb", "end": "a\n\n\n",
            "list": ["a", ["b", "c"], ["k": "v", "deep": ["x": ["y"]]], "- d", "two\nlines\n"], "nothing": [], "bare": .object([]),
            "digits": "12", "signs": "{x}", "tab": "a\tb", "unicode": "Ü – ’ 蜜",
        ]
        #expect(try BlockYAML.value(of: BlockYAML.text(of: value)) == value)
        #expect(try BlockYAML.value(of: BlockYAML.text(of: ["a", ["b"]])) == ["a", ["b"]])
        #expect(try BlockYAML.value(of: "\n\n") == .null)
    }

    /// Templates print a person's titles without quotes.
    @Test func plainTextGoesToTheEndOfItsLine() throws {
        #expect(try BlockYAML.value(of: "title: Rockets: how they fly # really")["title"] == "Rockets: how they fly # really")
    }

    @Test func escapes() throws {
        #expect(try BlockYAML.value(of: "a: \"\\u00fc\\n\\t\\\"\\x41\"")["a"] == "ü\n\t\"A")
        #expect(throws: Diagnostic.self) { try BlockYAML.value(of: "a: \"\\q\"") }
        #expect(try BlockYAML.value(of: "a: \"x\" y")["a"] == "\"x\" y", "a title that begins with a quotation")
    }
}
