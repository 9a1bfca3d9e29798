import Testing

/// Who has decided what, as people are told of it.
@Suite struct DecisionNameTests {
    private func waiting() async throws -> Machine {
        let machine = try Machine()
        try machine.replace("    each: texts\n", with: "    each: texts\n    gate: { per: item }\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.waiting, ["words": 3])
        return machine
    }

    @Test func approvingTwiceChangesNothing() async throws {
        let machine = try await waiting()
        try await machine.run("approve", Machine.letters, "words/02-noon.txt", "--by", "Ann").expect(
            0, says: "words/02-noon.txt: approved\n")
        let lock = try machine.read("\(Machine.letters)/episode.lock")
        try await machine.run("approve", Machine.letters, "words/02-noon.txt", "--by", "Bob")
            .expect(0, says: "words/02-noon.txt: approved already, by Ann on ")
        #expect(try machine.read("\(Machine.letters)/episode.lock") == lock)
        // Who has something to say about it is heard.
        try await machine.run("approve", Machine.letters, "words/02-noon.txt", "--by", "Bob", "--note", "me too").expect(
            0, says: "words/02-noon.txt: approved\n")
        #expect(try machine.text("\(Machine.letters)/episode.lock").contains("me too"))
    }

    @Test func statusNamesWhoDecidedLast() async throws {
        let machine = try await waiting()
        try await machine.run("reject", Machine.letters, "words/01-morning.txt", "--by", "Ann", "--note", "fewer birds").expect(
            0, says: "rejected")
        try await machine.run("status", Machine.letters).expect(0, says: "rejected by Ann on ", ": fewer birds")
        try await machine.build(Machine.letters).expect(.waiting, ["words": 1])
        try await machine.run("approve", Machine.letters, "words", "--by", "Bob").expect(0, says: "approved")
        try await machine.build(Machine.letters).expect(.built)
        try await machine.run("status", Machine.letters).expect(0, says: "decisions, the last: approved by Bob on ")
        let json = try await machine.run("status", Machine.letters, "--json")
        #expect(json.output.contains(#""decisions":{"words":{"decision":"approved","by":"Bob","#), "\(json)")
    }
}
