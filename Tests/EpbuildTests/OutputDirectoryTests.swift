import FoundationEssentials
import Glibc
import Testing

/// Outputs of `command` stages: directories whose files are items and inputs of others, and several files of which each is read by itself.
@Suite struct OutputDirectoryTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private func outputs() throws -> [String: String] {
        try machine.outputs(of: Machine.own).mapValues { String(decoding: $0, as: UTF8.self) }
    }

    private static let pipeline = """
          list: { source: list.txt }
          parts: { tool: command, run: [sh, -c, "while read name text; do mkdir -p $(dirname parts/$name); echo $text > parts/$name; done < list.txt"], inputs: { list.txt: list }, outputs: [parts/] }
          loud: { tool: command, each: parts.files, run: [sh, -c, "tr a-z A-Z < in > out"], inputs: { in: item }, outputs: [out], deliver: true }
          all: { tool: command, run: [sh, -c, "find parts -type f | sort | xargs tail -n 1 -v > all"], inputs: { parts: parts }, outputs: [all], deliver: true }
        """

    @Test func filesOfADirectoryAreItemsAndInputs() async throws {
        let share = try SharedDirectory()
        try machine.ownShow(Self.pipeline, files: ["list.txt": "one bee\ndeep/two wasp\n.hidden ant\n"])
        try machine.share(share.path)
        try await machine.build(Machine.own).expect(.built, executed: 5, ["parts": 1, "loud": 3, "all": 1])
        let all = "==> parts/.hidden <==\nant\n\n==> parts/deep/two <==\nwasp\n\n==> parts/one <==\nbee\n"
        #expect(try outputs() == ["loud/one/out": "BEE\n", "loud/deep/two/out": "WASP\n", "loud/.hidden/out": "ANT\n", "all": all])
        // What has come out the same is read by nobody anew.
        try machine.replace("wasp", with: "hornet", in: "\(Machine.own)/list.txt")
        try await machine.build(Machine.own).expect(.built, executed: 3, ["parts": 1, "loud": 1, "all": 1])
        try machine.edit("\(Machine.own)/list.txt") { $0 + "three moth\n" }
        try await machine.build(Machine.own).expect(.built, executed: 3, ["parts": 1, "loud": 1, "all": 1])
        #expect(try outputs()["loud/three/out"] == "MOTH\n")
        try machine.edit("\(Machine.own)/list.txt") { _ in "one bee\n" }
        try await machine.build(Machine.own).expect(.built, executed: 2, ["parts": 1, "loud": 0, "all": 1])
        #expect(try outputs().keys.sorted() == ["all", "loud/one/out"])
        try await machine.build(Machine.own).expect(.upToDate)
        let other = try Machine(copying: machine)
        try FileManager.default.removeItem(atPath: other.cache)
        other.remove("\(Machine.own)/out")
        try await other.build(Machine.own).expect(.built, executed: 0)
        #expect(try other.digests(of: Machine.own) == machine.digests(of: Machine.own))
    }

    /// Of several outputs one may be a directory; items may each have their own, executables stay executable.
    @Test func directoriesOfItems() async throws {
        try machine.ownShow("""
              texts: { source: "t/*" }
              made: { tool: command, each: texts, run: [sh, -c, "printf '#!/bin/sh\\\\ncat in' > bin/show; chmod 755 bin/show; wc -c < in | tr -d ' ' > size"], inputs: { in: item }, outputs: [bin/, size] }
              shown: { tool: command, each: texts, run: [sh, -c, "bin/show > out; cat n >> out"], inputs: { in: item, bin: { of: made, output: bin/ }, n: { of: made, output: size } }, outputs: [out], deliver: true }
              sizes: { tool: command, run: [sh, -c, "cat sizes/* > all"], inputs: { sizes: { of: made, output: size, names: true } }, outputs: [all], deliver: true }
            """, files: ["t/a": "bee", "t/b": "wasps"])
        try await machine.build(Machine.own).expect(.built, executed: 5)
        #expect(try outputs() == ["shown/a/out": "bee3\n", "shown/b/out": "wasps5\n", "all": "3\n5\n"])
        // As long as it was: whoever reads the size alone goes on with what it has.
        try machine.edit("\(Machine.own)/t/a") { _ in "ant" }
        try await machine.build(Machine.own).expect(.built, executed: 2, ["made": 1, "shown": 1, "sizes": 0])
        try machine.replace("output: size, names", with: "output: sise, names", in: "\(Machine.ownShow)/pipeline.yaml")
        let outcome = try await machine.run("build", Machine.own)
        #expect(
            outcome.status == 65 && outcome.errors.contains("made has no output \"sise\"")
                && outcome.errors.contains("did you mean \"size\"?"), "\(outcome)")
    }

    @Test(arguments: [
        (":", "the output directory parts/ is empty"), ("rmdir parts", "parts is no directory of the program's own"),
        ("ln -s /etc/hosts parts/hosts", "parts/hosts is a symbolic link"), ("mkfifo parts/pipe", "parts/pipe is no file"),
        ("mv parts p; mkdir q; touch q/x; ln -s q parts", "parts is no directory of the program's own"),
    ])
    func whatIsNoFileIsTold(_ script: String, _ says: String) async throws {
        try machine.ownShow("  s: { tool: command, run: [sh, -c, \"\(script)\"], outputs: [parts/], deliver: true }\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 1 && outcome.errors.contains(says), "\(outcome)")
    }

    @Test func whatIsNotKeptIsSaid() async throws {
        try machine.ownShow(
            "  s: { tool: command, run: [sh, -c, \"mkdir parts/none; echo x > parts/x\"], outputs: [parts/], deliver: true }\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 0 && outcome.errors.contains("parts/none/ is empty, and not kept"), "\(outcome)")
        #expect(try outputs() == ["parts/x": "x\n"])
    }

    @Test(arguments: [
        ("outputs: [a/, a/b]", "the output \"a/b\" lies in \"a/\", which is an output, too"),
        ("outputs: [a, a/]", "the output \"a/\" is named twice"),
        ("outputs: [../a/]", "an output must be a path below the working directory"),
    ])
    func mistakes(_ keys: String, _ says: String) async throws {
        try machine.ownShow("  s: { tool: command, run: [sh, -c, \"echo > a\"], deliver: true, \(keys) }\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }

    /// Of two outputs, the reader of the one that has come out the same does not run.
    @Test func eachOutputIsReadByItself() async throws {
        try machine.ownShow("""
              text: { source: text.txt }
              two: { tool: command, run: [sh, -c, "head -n 1 in > first; tail -n 1 in > last"], inputs: { in: text }, outputs: [first, last] }
              a: { tool: command, run: [cp, in, a], inputs: { in: { of: two, output: first } }, outputs: [a], deliver: true }
              b: { tool: command, run: [cp, in, b], inputs: { in: { of: two, output: last } }, outputs: [b], deliver: true }
            """, files: ["text.txt": "one\ntwo\n"])
        try await machine.build(Machine.own).expect(.built, executed: 3)
        try machine.replace("two", with: "three", in: "\(Machine.own)/text.txt")
        try await machine.build(Machine.own).expect(.built, executed: 2, ["two": 1, "a": 0, "b": 1])
        #expect(try outputs() == ["a": "one\n", "b": "three\n"])
    }
}

/// Arguments are as long as the system allows, and files that list others as long as one likes.
@Suite struct LongArgumentTests {
    @Test func theNamesOfManyFilesStandInAFile() async throws {
        let machine = try Machine()
        try machine.ownShow("""
              texts: { source: "t/*" }
              all: { tool: command, run: [sh, -c, "xargs cat < list > all; cat quoted >> all"], inputs: { p: { of: texts, names: true }, list: { paths: p }, quoted: { paths: p/, quoted: true } }, outputs: [all], deliver: true }
            """, files: ["t/a": "1", "t/b": "2"])
        try await machine.build(Machine.own).expect(.built, executed: 1)
        #expect(try machine.text("\(Machine.own)/out/all") == "12\"p/a\"\n\"p/b\"\n")
        try machine.replace("{ paths: p }", with: "{ paths: q }", in: "\(Machine.ownShow)/pipeline.yaml")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains("there is no input \"q\" whose paths could be listed"), "\(outcome)")
    }

    @Test func whatIsTooLongNamesItsStageAndTheRemedy() async throws {
        let machine = try Machine()
        try machine.ownShow("""
              text: { source: text.txt }
              long: { tool: command, run: [echo, "{{ text.text }}"], outputs: [out], deliver: true }
            """, files: ["text.txt": String(repeating: "word ", count: 60_000)])
        let outcome = try await machine.run("build", Machine.own)
        #expect(
            outcome.status == 1
                && outcome.errors.contains(
                    "long: the arguments of echo are longer than the system allows: 300004 bytes in all, 300000 in the longest"),
            "\(outcome)")
        #expect(outcome.errors.contains("hand long texts on as `inputs`"), "\(outcome)")
    }
}
