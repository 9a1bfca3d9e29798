import FoundationEssentials
import Testing

/// Two machines make different results of one action: the one that is shared first stands for both.
@Suite struct FirstResultTests {
    private let share: SharedDirectory

    init() throws { share = try SharedDirectory() }

    /// A machine whose letters are a draw, and what is made from it.
    /// - Parameter gate: a shell command that is run before the draw.
    private func machine(_ gate: String = "true") throws -> Machine {
        let machine = try Machine()
        try machine.edit("letters/pipeline.yaml") { _ in
            """
            stages:
              draw: { tool: command, run: [sh, -c, "\(gate); od -An -N8 -tx1 /dev/urandom > draw.txt"], outputs: [draw.txt] }
              twice: { tool: command, run: [sh, -c, "cat draw draw > twice.txt"], inputs: { draw: draw }, outputs: [twice.txt], deliver: true }

            """
        }
        return machine
    }

    /// Built apart and pushed later: the second to push adopts, and its next build delivers what it adopted.
    @Test func thePushThatComesLaterAdopts() async throws {
        let (first, second) = (try machine(), try machine())
        for machine in [first, second] { try await machine.build(Machine.letters).expect(.built, executed: 2) }
        // Another letter with the same draw, which is up to date when the draw is adopted.
        let other = "letters/letter-to-the-wind"
        try FileManager.default.copyItem(atPath: "\(second.workspace)/\(Machine.letters)", toPath: "\(second.workspace)/\(other)")
        second.remove("\(other)/out")
        let drawn = try first.digests(of: Machine.letters)
        #expect(try second.digests(of: Machine.letters) != drawn)
        for machine in [first, second] { try machine.share(share.path) }
        #expect(try await first.run("cache", "push", Machine.letters).status == 0)
        // The build after the change of epbuild.yaml writes a memo: it must not hide the adoption.
        for episode in [Machine.letters, other] { try await second.build(episode).expect(executed: 0) }
        let push = try await second.run("cache", "push", Machine.letters)
        #expect(push.status == 0 && push.output.contains("1 adopted") && push.output.contains("build to deliver"), "\(push)")
        try await second.build(Machine.letters).expect(.built, executed: 0)
        #expect(try second.digests(of: Machine.letters) == drawn)
        #expect(try second.digests(of: other) != drawn)
        try await second.build(other).expect(.built, executed: 0)
        #expect(try second.digests(of: other) == drawn)
        for episode in [Machine.letters, other] { try await second.build(episode).expect(.upToDate, executed: 0) }
        // The first machine's results stand as they are.
        let again = try await first.run("cache", "push", Machine.letters)
        #expect(again.status == 0 && !again.output.contains("adopted"), "\(again)")
        #expect(try first.digests(of: Machine.letters) == drawn)
    }

    /// While the second machine builds, the first one pushes.
    @Test func aBuildThatIsOvertakenAdopts() async throws {
        let gate = "touch \(share.path)/started; while [ ! -e \(share.path)/open ]; do sleep 0.02; done"
        let (first, second) = (try machine(gate), try machine(gate))
        try touch("open")
        try await first.build(Machine.letters).expect(.built, executed: 2)
        for name in ["open", "started"] { try FileManager.default.removeItem(atPath: "\(share.path)/\(name)") }
        for machine in [first, second] { try machine.share(share.path) }
        async let build = second.build(Machine.letters)
        #expect(try await share.waits(for: "started"))
        #expect(try await first.run("cache", "push", Machine.letters).status == 0)
        try touch("open")
        let outcome = try await build.expect(.built).outcome
        #expect(outcome.errors.contains("had 1 of these results before: they are adopted"), "\(outcome)")
        #expect(try second.digests(of: Machine.letters) == first.digests(of: Machine.letters))
        try await second.build(Machine.letters).expect(.upToDate, executed: 0)
    }

    /// What stands in the shared cache cannot be had whole: it is in nobody's way.
    @Test func aFirstResultThatIsDamagedIsReplaced() async throws {
        var dice = Dice(for: "aFirstResultThatIsDamagedIsReplaced")
        let (first, second) = (try machine(), try machine())
        for machine in [first, second] {
            try await machine.build(Machine.letters).expect(.built, executed: 2)
            try machine.share(share.path)
        }
        #expect(try await first.run("cache", "push", Machine.letters).status == 0)
        for blob in first.files(below: "\(share.path)/cas") { try flip("\(share.path)/cas/\(blob)", &dice) }
        let push = try await second.run("cache", "push", Machine.letters)
        #expect(push.status == 0 && push.output.contains("2 results shared") && !push.output.contains("adopted"), "\(push)")
        let third = try machine()
        try third.share(share.path)
        try await third.build(Machine.letters).expect(.built, executed: 0)
        #expect(try third.digests(of: Machine.letters) == second.digests(of: Machine.letters))
    }

    private func touch(_ name: String) throws { try Data().write(to: URL(filePath: "\(share.path)/\(name)")) }
}
