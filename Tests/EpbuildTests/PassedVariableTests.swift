import FoundationEssentials
import Testing

/// `pass_env:`: variables of the environment that a program is given as they are.
@Suite struct PassedVariableTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private static let pipeline =
        "  said: { tool: command, run: [sh, -c, 'echo \"${VOICE-none}\" | wc -c > said'], pass_env: [VOICE], outputs: [said], deliver: true }\n"

    private func build(_ voice: String?) async throws -> Build {
        try await machine.build(Machine.own, environment: voice.map { ["VOICE": $0] } ?? [:])
    }

    @Test func aValueIsAPartOfTheAddress() async throws {
        try machine.ownShow(Self.pipeline)
        try await build("a low voice").expect(.built, executed: 1)
        try await build("a low voice").expect(.upToDate)
        #expect(try machine.text("\(Machine.own)/out/said") == "12\n")
        try await build("a very high voice").expect(.built, executed: 1)
        #expect(try machine.text("\(Machine.own)/out/said") == "18\n")
        // Not to be set is another thing than to be empty.
        try await build(nil).expect(.built, executed: 1)
        #expect(try machine.text("\(Machine.own)/out/said") == "5\n")
        try await build("").expect(.built, executed: 1)
        #expect(try machine.text("\(Machine.own)/out/said") == "1\n")
        try await build("a low voice").expect(.built, executed: 0)
        try await build("a low voice").expect(.upToDate)
        let why = try await machine.run("why", Machine.own, "said", environment: ["VOICE": "another voice"])
        #expect(why.output.contains("variable VOICE") && !why.output.contains("another voice"), "\(why)")
        // Nothing that is kept has a value.
        for file in machine.files(below: "\(machine.workspace)/.epbuild") {
            let bytes = try machine.read(".epbuild/\(file)")
            #expect(bytes.firstRange(of: Array("a low voice".utf8)) == nil, "\(file)")
        }
    }

    @Test(arguments: [
        ("[API_KEY]", "`API_KEY` looks like a key"), ("[MY_SERVICE_TOKEN]", "`MY_SERVICE_TOKEN` looks like a key"),
        ("[DB_PASSWORD]", "`DB_PASSWORD` looks like a key"),
        ("[A=B]", "\"A=B\" cannot be the name of a variable"), ("[VOICE, VOICE]", "`VOICE` is named twice"),
        ("[OTHER]", "`OTHER` stands in `env`, too"),
    ])
    func mistakes(_ names: String, _ says: String) async throws {
        try machine.ownShow(Self.pipeline.replacing("pass_env: [VOICE]", with: "env: { OTHER: x }, pass_env: \(names)"))
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }

    /// `MONKEY` and `KEYBOARD` are no keys.
    @Test func whatOnlySoundsLikeAKeyIsPassed() async throws {
        try machine.ownShow(Self.pipeline.replacing("[VOICE]", with: "[MONKEY, KEYBOARD_LAYOUT]"))
        try await machine.build(Machine.own).expect(.built, executed: 1)
    }
}
