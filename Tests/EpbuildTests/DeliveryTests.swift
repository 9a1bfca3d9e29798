import FoundationEssentials
import Testing

/// What stands in `out/` is known there, whatever else is lost; and what a person has made of it is theirs.
@Suite struct DeliveryTests {
    private static let out = "\(Machine.letters)/out"

    private func machine() async throws -> Machine {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        return machine
    }

    private func rename(_ machine: Machine) throws {
        try machine.edit("letters/pipeline.yaml") { $0.replacing("report.txt", with: "renamed.txt") }
    }

    private func expectRenamed(_ machine: Machine, _ episode: String = Machine.letters) throws {
        #expect(try machine.outputs(of: episode).keys.sorted() == ["renamed.txt"])
    }

    @Test func withoutItsMemory() async throws {
        let machine = try await machine()
        try rename(machine)
        machine.remove(".epbuild")
        try await machine.build(Machine.letters).expect(.built)
        try expectRenamed(machine)
    }

    @Test func withAnotherCache() async throws {
        let machine = try await machine()
        try rename(machine)
        try await machine.build(Machine.letters, environment: ["EPBUILD_CACHE": "\(machine.directory)/another"]).expect(.built)
        try expectRenamed(machine)
    }

    @Test func inACopiedAndARenamedEpisode() async throws {
        let machine = try await machine()
        try rename(machine)
        for name in ["copied", "renamed"] {
            try FileManager.default.copyItem(
                atPath: "\(machine.workspace)/\(Machine.letters)", toPath: "\(machine.workspace)/letters/\(name)")
        }
        machine.remove(Machine.letters)
        for name in ["copied", "renamed"] {
            try await machine.build("letters/\(name)").expect(.built)
            try expectRenamed(machine, "letters/\(name)")
        }
    }

    /// Neither a build of the same nor one of another version replaces it.
    @Test func aFileThatAPersonHasChangedStays() async throws {
        let machine = try await machine()
        try machine.write(Array("mine".utf8), to: "\(Self.out)/report.txt")
        for change in ["", "sea sea sea\n"] {
            try machine.edit("\(Machine.letters)/texts/02-noon.txt") { $0 + change }
            let outcome = try await machine.run(Machine.letters)
            #expect(outcome.status == 0 && outcome.errors.contains("\(Self.out)/report.txt is not as it was delivered"), "\(outcome)")
            #expect(try machine.text("\(Self.out)/report.txt") == "mine")
        }
        machine.remove("\(Self.out)/report.txt")
        try await machine.build(Machine.letters).expect(.built, executed: 0)
        #expect(try machine.text("\(Self.out)/report.txt") != "mine")
    }

    @Test func oneNameForTwoStagesIsAMessage() async throws {
        let machine = try Machine()
        try machine.replace(
            "    outputs: [total.txt]\n", with: "    outputs: [total.txt]\n    deliver: true\n", in: "letters/pipeline.yaml")
        try machine.edit("letters/pipeline.yaml") { 
            $0.replacing("{ totals: totals,", with: "{ sums: totals,").replacing("cat totals/*", with: "cat sums/*")
                .replacing("report.txt", with: "totals")
        }
        let outcome = try await machine.run(Machine.letters)
        #expect(
            outcome.status == 65 && outcome.errors.contains("letters/pipeline.yaml:26:3: error: stage \"report\" delivers out/totals"),
            "\(outcome)")
        #expect(try await machine.run("status", Machine.letters).status == 65)
    }

    @Test(arguments: [("Die Flüsse von Köln", "002-die-flüsse-von-köln"), ("東京の川", "002-東京の川"), ("🚀", "002")]) func aNameKeepsItsLetters(
        _ title: String, _ name: String
    ) async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.edit("\(Machine.moon)/episode.yaml") {
            $0.split(separator: "\n").map { $0.hasPrefix("title:") ? "title: \(title)" : String($0) }.joined(separator: "\n")
        }
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0])
        let names = try machine.outputs(of: Machine.moon).keys.filter { $0 != "episode.json" }
        #expect(names.contains("\(name).mp3") && names.allSatisfy { $0.hasPrefix("\(name).") }, "\(names)")
    }
}
