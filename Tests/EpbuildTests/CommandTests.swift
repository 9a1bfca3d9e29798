import FoundationEssentials
import Glibc
import Testing

/// `command` stages: what a program gets, what of it is kept, and what is said of it.
@Suite struct CommandTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private func outputs() throws -> [String: String] {
        try machine.outputs(of: Machine.own).mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test func whatIsNamedInVainIsRefused() async throws {
        try machine.ownShow("""
              a: { tool: command, run: [sh, -c, "echo a > a.txt"], outputs: [a.txt] }
              b: { tool: command, from: [a], run: [sh, -c, "echo b > b.txt"], outputs: [b.txt], deliver: true }
            """)
        for command in ["build", "plan", "graph"] {
            let outcome = try await machine.run(command, Machine.own)
            #expect(outcome.status == 65, "\(command): \(outcome)")
            #expect(
                outcome.errors.contains("pipeline.yaml:3:29: error: stage \"b\" has a `from`, which `command` does not read"), "\(outcome)")
            #expect(outcome.errors.contains("`inputs: { a: a }`"), "\(outcome)")
        }
    }

    @Test func environmentAndOutputsAreFilledIn() async throws {
        try machine.ownShow("""
              texts: { source: "t/*.txt" }
              s: { tool: command, each: texts, env: { WHO: "{{ item.name }}", BRACES: '{{ "{{" }} }}' }, run: [sh, -c, 'echo "$WHO $BRACES" > "made-$WHO"'], outputs: ["made-{{ item.name }}"], deliver: true }
            """, files: ["t/a.txt": "1", "t/b.txt": "2"])
        try await machine.build(Machine.own).expect(.built, executed: 2)
        #expect(try outputs() == ["s/a.txt/made-a.txt": "a.txt {{ }}\n", "s/b.txt/made-b.txt": "b.txt {{ }}\n"])
    }

    @Test(arguments: [
        (
            "outputs: [\"{{ episode.title }}\"]",
            "pipeline.yaml:2:75: error: an output must be a path below the working directory, not \"../up\""
        ),
        ("outputs: [a, a]", "the output \"a\" is named twice"),
        ("outputs: []", "a command without `outputs` would run once and never again"),
        ("outputs: [a], env: { \"A=B\": x }", "\"A=B\" cannot be the name of a variable"),
        ("outputs: [a], env: { A: \"{{ nobody }}\" }", "`nobody` is not defined"),
    ])
    func mistakes(_ keys: String, _ says: String) async throws {
        try machine.ownShow("  s: { tool: command, run: [sh, -c, \"echo > a\"], deliver: true, \(keys) }\n", episode: "title: ../up\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }

    @Test func itemsOfAnyKindHaveTheirNames() async throws {
        try machine.ownShow("""
              sounds: { source: "t/*" }
              loud: { tool: command, each: sounds, run: [sh, -c, "cp in out.bin"], inputs: { in: item }, outputs: [out.bin] }
              names: { tool: command, each: loud, run: [sh, -c, "echo {{ item.name }} > n"], inputs: { name: item.name }, outputs: [n], deliver: true }
              all: { tool: command, run: [sh, -c, "echo {{#each sounds as s}}{{ s.name }} {{/each}}> all"], outputs: [all], deliver: true }
            """, files: ["t/bell": "", "t/drum": ""])
        for name in ["bell", "drum"] { try machine.write([0xFF, 0xFE, 0], to: "\(Machine.own)/t/\(name)") }
        try await machine.build(Machine.own).expect(.built)
        #expect(try outputs() == ["names/bell/n": "bell\n", "names/drum/n": "drum\n", "all": "bell drum\n"])
    }

    @Test func aStageWithoutItemsIsAnEmptyDirectory() async throws {
        try machine.ownShow("""
              list: { source: list.yaml }
              parts: { tool: command, each: list.parts, run: [sh, -c, "cp in out"], inputs: { in: item }, outputs: [out] }
              all: { tool: command, run: [sh, -c, "ls parts | wc -l | tr -d ' ' > all"], inputs: { parts: parts }, outputs: [all], deliver: true }
            """, files: ["list.yaml": "parts: []\n"])
        try await machine.build(Machine.own).expect(.built, executed: 1)
        #expect(try outputs() == ["all": "0\n"])
        try machine.write(Array("parts: [x, y]\n".utf8), to: "\(Machine.own)/list.yaml")
        try await machine.build(Machine.own).expect(.built, executed: 3)
        #expect(try outputs() == ["all": "2\n"])
    }

    @Test func anExecutableStaysOne() async throws {
        let share = try SharedDirectory()
        try machine.ownShow("""
              tool: { tool: command, run: [sh, -c, "printf '#!/bin/sh\\necho hi' > say; chmod 755 say"], outputs: [say], deliver: true }
              said: { tool: command, run: [./say-it, out], inputs: { say-it: tool }, outputs: [out], deliver: true }
              copied: { tool: command, run: [sh, -c, "bin/say > copy"], inputs: { bin/say: tool }, outputs: [copy], deliver: true }
            """)
        try machine.edit("\(Machine.ownShow)/pipeline.yaml") {
            $0.replacing("run: [./say-it, out]", with: "run: [sh, -c, \"./say-it > out\"]")
        }
        try machine.share(share.path)
        try await machine.build(Machine.own).expect(.built)
        let other = try Machine(copying: machine)
        try FileManager.default.removeItem(atPath: other.cache)
        other.remove("\(Machine.own)/out")
        try await other.build(Machine.own).expect(executed: 0)
        for machine in [machine, other] {
            #expect(access("\(machine.workspace)/\(Machine.own)/out/say", X_OK) == 0)
            #expect(access("\(machine.workspace)/\(Machine.own)/out/copy", X_OK) != 0)
            #expect(try machine.text("\(Machine.own)/out/out") == "hi\n")
        }
    }

    @Test func whatAProgramSaysIsTold() async throws {
        try machine.ownShow("""
              texts: { source: "t/*.txt" }
              s: { tool: command, each: texts, run: [sh, -c, "printf '\\\\033[1mold voice\\\\033[0m of {{ item.name }}\\n' >&2; cp in out"], inputs: { in: item }, outputs: [out], deliver: true }
            """, files: ["t/a.txt": "1", "t/b.txt": "2"])
        let outcome = try await machine.run("build", Machine.own, "-j", "1")
        // Which of them was quicker, nobody knows.
        let said = ["a.txt", "b.txt"].contains { outcome.errors.contains("s/\($0) says: old voice of \($0) (1 more item)\n") }
        #expect(outcome.status == 0 && said, "\(outcome)")
        #expect(!outcome.errors.contains("\u{1B}"))
        let again = try await machine.run("build", Machine.own)
        #expect(!again.errors.contains("says"), "\(again)")
    }

    /// A program behind a shim: its file stays the same when it becomes another version.
    @Test func nothingIsStoredUnderAnotherVersion() async throws {
        let shim = "\(machine.directory)/bin/speaker"
        try FileManager.default.createDirectory(atPath: "\(machine.directory)/bin", withIntermediateDirectories: true)
        try Data(
            "#!/bin/sh\nv=$(cat \(machine.directory)/now)\nif [ \"$1\" = --version ]; then echo speaker $v.0; else echo voice $v says $(cat in) > out; fi\n"
                .utf8
        ).write(to: URL(filePath: shim))
        chmod(shim, 0o755)
        func become(_ version: String) throws { try Data(version.utf8).write(to: URL(filePath: "\(machine.directory)/now")) }
        try machine.ownShow("""
              texts: { source: "t/*.txt" }
              s: { tool: command, each: texts, version: [speaker, --version], run: [speaker], inputs: { in: item }, outputs: [out], deliver: true }
            """, files: ["t/a.txt": "one", "t/b.txt": "two"])
        let path = ["PATH": "\(machine.directory)/bin:/usr/bin:/bin"]
        try become("1")
        try await machine.build(Machine.own, environment: path).expect(.built, executed: 2)
        try become("2")
        try machine.write(Array("three".utf8), to: "\(Machine.own)/t/b.txt")
        try await machine.build(Machine.own, environment: path).expect(.built, executed: 2)
        #expect(try outputs() == ["s/a.txt/out": "voice 2 says one\n", "s/b.txt/out": "voice 2 says three\n"])
        let inspected = try await machine.run("inspect", Machine.own, "s/b.txt", environment: path)
        #expect(inspected.output.contains("speaker 2.0"), "\(inspected)")
        try become("1")
        try machine.write(Array("two".utf8), to: "\(Machine.own)/t/b.txt")
        try await machine.build(Machine.own, environment: path).expect(.built)
        #expect(try outputs()["s/b.txt/out"] == "voice 2 says two\n" || outputs()["s/b.txt/out"] == "voice 1 says two\n")
    }

    /// A virtual environment is turned on, or a newer program is put where it is found first.
    @Test func anotherProgramOfTheNameIsFoundFirst() async throws {
        for version in ["1", "2", "3"] {
            let program = "\(machine.directory)/\(version)/speaker"
            try FileManager.default.createDirectory(atPath: "\(machine.directory)/\(version)", withIntermediateDirectories: true)
            let says = "#!/bin/sh\n[ \"$1\" = --version ] && echo speaker \(version).0 || echo voice \(version) > out\n"
            try Data(says.utf8).write(to: URL(filePath: program))
            chmod(program, 0o755)
        }
        try machine.ownShow("""
              s: { tool: command, version: [speaker, --version], run: [speaker], outputs: [out], deliver: true }
            """)
        func path(_ versions: [String]) -> [String: String] {
            ["PATH": (versions.map { "\(machine.directory)/\($0)" } + ["/usr/bin:/bin"]).joined(separator: ":")]
        }
        try await machine.build(Machine.own, environment: path(["1"])).expect(.built, executed: 1)
        try await machine.build(Machine.own, environment: path(["1"])).expect(.upToDate)
        try await machine.build(Machine.own, environment: path(["2", "1"])).expect(.built, executed: 1)
        #expect(try outputs() == ["out": "voice 2\n"])
        try FileManager.default.moveItem(atPath: "\(machine.directory)/3", toPath: "\(machine.directory)/newest")
        try await machine.build(Machine.own, environment: path(["newer", "2"])).expect(.upToDate)
        try FileManager.default.moveItem(atPath: "\(machine.directory)/newest", toPath: "\(machine.directory)/newer")
        try await machine.build(Machine.own, environment: path(["newer", "2"])).expect(.built, executed: 1)
        #expect(try outputs() == ["out": "voice 3\n"])
    }

    /// Somebody else's directory, or a link that leads in a circle: no program is found there.
    @Test func aPlaceOnThePathThatCannotBeReadHoldsNothing() async throws {
        let circle = "\(machine.directory)/circle"
        try FileManager.default.createSymbolicLink(atPath: circle, withDestinationPath: circle)
        try machine.ownShow("  s: { tool: command, version: [cp, --version], run: [cp, /dev/null, out], outputs: [out], deliver: true }")
        let path = ["PATH": "\(circle):/usr/bin:/bin"]
        try await machine.build(Machine.own, environment: path).expect(.built, executed: 1)
        try await machine.build(Machine.own, environment: path).expect(.upToDate)
    }

    @Test func moreJobsThanDescriptors() async throws {
        let files = Dictionary(uniqueKeysWithValues: (1...150).map { ("t/\($0).txt", "\($0)") })
        try machine.ownShow("""
              texts: { source: "t/*.txt" }
              s: { tool: command, each: texts, run: [cp, in, out], inputs: { in: item }, outputs: [out], deliver: true }
            """, files: files)
        try machine.edit("epbuild.yaml") { $0.replacing("jobs: 2", with: "jobs: 1000") }
        let outcome = try await Program.run(
            ["sh", "-c", "ulimit -n 96; exec \(Program.epbuild) build \(Machine.own) --json"], in: machine.workspace,
            environment: machine.environment())
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    /// The loader needs one of them before epbuild begins.
    @Test(arguments: 4...10) func fewerDescriptorsThanAnythingNeeds(descriptors: Int) async throws {
        let outcome = try await Program.run(
            ["sh", "-c", "ulimit -n \(descriptors); exec \(Program.epbuild) build"], in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("has not got the descriptors"), "\(outcome.errors)")
    }

    /// Where the stacks of threads find no room, the pool that runs everything would wait for ever.
    @Test func lessRoomThanThreadsNeed() async throws {
        let outcome = try await Program.run(
            ["sh", "-c", "ulimit -v 400000; exec \(Program.epbuild) build"], in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("has not got the memory"), "\(outcome.errors)")
    }
}

extension Machine {
    /// A show and an episode that a test writes itself.
    static let ownShow = "own"
    static let own = "own/e"

    /// - Parameter files: by their paths below the episode.
    func ownShow(_ stages: String, show: String = "title: S\n", episode: String = "title: E\n", files: [String: String] = [:]) throws {
        let all = ["../show.yaml": show, "../pipeline.yaml": "stages:\n\(stages)\n", "episode.yaml": episode].merging(files) { $1 }
        for (path, text) in all {
            let file = URL(filePath: "\(workspace)/\(Self.own)/\(path)").standardized
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }
}
