import FoundationEssentials
import Testing

/// A show of `command` stages alone: the engine knows nothing of podcasts.
@Suite struct LetterTests {
    private let text = "\(Machine.letters)/texts/02-noon.txt"

    @Test func builtLikeAnyMake() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built, executed: 10)
        try await machine.build(Machine.letters).expect(.upToDate, executed: 0)
        let report = try machine.read("\(Machine.letters)/out/report.txt")
        try machine.edit(text) { $0 + "sea sea sea\n" }
        try await machine.build(Machine.letters).expect(.built, executed: 4, ["words": 1, "counts": 1, "totals": 1, "report": 1])
        #expect(try machine.read("\(Machine.letters)/out/report.txt") != report)
        try machine.edit(text) { String($0.dropLast("sea sea sea\n".count)) }
        try await machine.build(Machine.letters).expect(executed: 0)
        #expect(try machine.read("\(Machine.letters)/out/report.txt") == report)
    }

    /// Capital letters are made small by the first stage: what comes after it is the same, and is not run.
    @Test func theSameResultStopsTheRebuild() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        try machine.edit(text) { $0.uppercased() }
        try await machine.build(Machine.letters).expect(executed: 1, ["words": 1])
    }

    /// Items whose files have one name are delivered side by side, not one over the other.
    @Test func itemsAreDeliveredSideBySide() async throws {
        let machine = try Machine()
        try machine.replace(
            "    outputs: [total.txt]\n", with: "    outputs: [total.txt]\n    deliver: true\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        let names = ["01-morning.txt", "02-noon.txt", "03-night.txt"].map { "totals/\($0)/total.txt" }
        #expect(try machine.outputs(of: Machine.letters).keys.sorted() == (["report.txt"] + names).sorted())
        #expect(Set(try names.map { try machine.read("\(Machine.letters)/out/\($0)") }).count == 3)
    }

    /// Of a fan-out, an item that is built alone goes where it goes with the others.
    @Test func anItemAloneIsDeliveredInItsPlace() async throws {
        let machine = try Machine()
        try machine.replace(
            "    outputs: [total.txt]\n", with: "    outputs: [total.txt]\n    deliver: true\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters, "totals/02-noon.txt").expect(.built)
        #expect(try machine.outputs(of: Machine.letters).keys.sorted() == ["totals/02-noon.txt/total.txt"])
    }

    @Test func filesOfOneNameAreItemsOfTheirOwn() async throws {
        let machine = try Machine()
        try machine.replace("texts/*.txt", with: "texts/**/*.txt", in: "letters/pipeline.yaml")
        try machine.replace(
            "    outputs: [words.txt]\n", with: "    outputs: [words.txt]\n    deliver: true\n", in: "letters/pipeline.yaml")
        try FileManager.default.createDirectory(
            atPath: "\(machine.workspace)/\(Machine.letters)/texts/more", withIntermediateDirectories: true)
        try machine.write(Array("another noon\n".utf8), to: "\(Machine.letters)/texts/more/02-noon.txt")
        try await machine.build(Machine.letters).expect(.built, ["words": 4])
        #expect(try machine.text("\(Machine.letters)/out/words/more/02-noon.txt/words.txt") == "another\nnoon\n")
        #expect(try machine.text("\(Machine.letters)/out/words/02-noon.txt/words.txt") != "another\nnoon\n")
        try await machine.build(Machine.letters, "words/more/02-noon.txt").expect(executed: 0)
    }

    /// What an earlier build delivered under another name goes; what a person has put there or changed stays.
    @Test func filesOfEarlierNamesGo() async throws {
        let machine = try Machine()
        try machine.replace(
            "    outputs: [total.txt]\n", with: "    outputs: [total.txt]\n    deliver: true\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        try machine.write(Array("mine".utf8), to: "\(Machine.letters)/out/mine.txt")
        try machine.write(Array("changed".utf8), to: "\(Machine.letters)/out/totals/01-morning.txt/total.txt")
        try machine.replace(
            "    outputs: [total.txt]\n    deliver: true\n", with: "    outputs: [total.txt]\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(executed: 0)
        #expect(try machine.outputs(of: Machine.letters).keys.sorted() == ["mine.txt", "report.txt", "totals/01-morning.txt/total.txt"])
    }

    /// A memo that was copied with its workspace says nothing of the copy.
    @Test func aCopiedWorkspaceIsLookedAtItself() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        try FileManager.default.copyItem(atPath: "\(machine.workspace)/letters", toPath: "\(machine.directory)/letters")
        let copy = try Machine(copying: machine)
        try FileManager.default.copyItem(atPath: "\(machine.workspace)/.epbuild", toPath: "\(copy.workspace)/.epbuild")
        try copy.edit(text) { $0 + "sea sea sea\n" }
        try await copy.build(Machine.letters).expect(.built, executed: 4)
        try await machine.build(Machine.letters).expect(.upToDate)
    }

    /// A program that puts a link in the place of its output directory reaches nothing outside.
    @Test func anOutputBehindALinkIsNone() async throws {
        let machine = try Machine()
        let outside = "\(machine.directory)/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(filePath: "\(outside)/total.txt"))
        try machine.replace("wc -l < words.txt > total.txt", with: "rmdir d; ln -s \(outside) d", in: "letters/pipeline.yaml")
        try machine.replace("outputs: [total.txt]", with: "outputs: [d/total.txt]", in: "letters/pipeline.yaml")
        let outcome = try await machine.run(Machine.letters)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try Data(contentsOf: URL(filePath: "\(outside)/total.txt")) == Data("mine".utf8))
    }

    @Test func aProgramMayBeBroughtAlong() async throws {
        let machine = try Machine()
        try machine.write(Array("#!/bin/sh\nwc -l < words.txt > total.txt\n".utf8), to: "letters/count.sh")
        try machine.replace(
            "run: [sh, -c, \"wc -l < words.txt > total.txt\"]\n    inputs: { words.txt: item }",
            with: "run: [./count.sh]\n    inputs: { words.txt: item, count.sh: ./count.sh }", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built, ["totals": 3])
    }

    @Test func inputsThatCannotStandTogetherAreRefused() async throws {
        for inputs in ["{ totals: totals, totals/000001.txt: ./pipeline.yaml }", "{ a: ./pipeline.yaml, a/b: ./pipeline.yaml }"] {
            let machine = try Machine()
            try machine.replace("inputs: { totals: totals, counts: counts }", with: "inputs: \(inputs)", in: "letters/pipeline.yaml")
            let outcome = try await machine.run(Machine.letters)
            #expect(outcome.status == 65 && outcome.errors.contains("letters/pipeline.yaml:28:13: error: "), "\(outcome)")
        }
    }
}
