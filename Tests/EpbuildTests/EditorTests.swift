import Testing

/// What editors do to files while epbuild looks: no state of a save corrupts anything.
@Suite struct EditorTests {
    private let script = "\(Machine.moon)/script.fountain"

    @Test func aTruncatedSaveIsToldOfAndForgotten() async throws {
        let machine = try await Machine.withMoonBuilt()
        let whole = try machine.read(script)
        let outputs = try machine.outputs(of: Machine.moon)
        for length in [0, 1, whole.count / 3] {
            try machine.write(Array(whole.prefix(length)), to: script)
            let outcome = try await machine.run(Machine.moon)
            #expect([0, 65].contains(outcome.status), "\(length): \(outcome)")
            #expect(length > 1 || outcome.status == 65, "\(outcome)")
        }
        try machine.write(whole, to: script)
        try await machine.build(Machine.moon).expect(executed: 0)
        #expect(try machine.outputs(of: Machine.moon) == outputs)
    }

    @Test func temporaryFilesOfEditorsAreNoSources() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        for name in [".01-morning.txt.swp", "01-morning.txt~", "#01-morning.txt#", ".#01-morning.txt", "4913"] {
            try machine.write(Array("half a li".utf8), to: "\(Machine.letters)/texts/\(name)")
        }
        try await machine.build(Machine.letters).expect(executed: 0)
    }

    /// The source changes while the action that reads it runs: what is stored belongs to the bytes that it was made from.
    @Test func aFileReplacedDuringTheBuildCorruptsNothing() async throws {
        let machine = try Machine()
        let text = "\(Machine.letters)/texts/02-noon.txt"
        let original = try machine.read(text)
        try machine.replace("tr 'A-Z' 'a-z' < in.txt", with: "sleep 1; tr 'A-Z' 'a-z' < in.txt", in: "letters/pipeline.yaml")
        async let build = machine.build(Machine.letters)
        try await Task.sleep(for: .milliseconds(600))
        try machine.write(Array("Something else entirely\n".utf8), to: text)
        _ = try await build
        try await machine.build(Machine.letters).expect()
        let changed = try machine.outputs(of: Machine.letters)
        try machine.write(original, to: text)
        try await machine.build(Machine.letters).expect()
        let restored = try machine.outputs(of: Machine.letters)
        // A machine that has seen none of this makes the same of both.
        let clean = try Machine()
        try clean.write(machine.read("letters/pipeline.yaml"), to: "letters/pipeline.yaml")
        try await clean.build(Machine.letters).expect(.built)
        #expect(try clean.outputs(of: Machine.letters) == restored)
        try clean.write(Array("Something else entirely\n".utf8), to: text)
        try await clean.build(Machine.letters).expect(.built)
        #expect(try clean.outputs(of: Machine.letters) == changed)
    }
}
