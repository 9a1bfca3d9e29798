import FoundationEssentials
import Testing

/// `cache push` and `cache pull`: sharing on demand.
@Suite struct CachePushTests {
    @Test(arguments: [Machine.letters, Machine.moon])
    func pushedPulledAndBuiltOffline(_ episode: String) async throws {
        let share = try SharedDirectory()
        let (first, second) = (try Machine(), try Machine())
        let made = try await first.build(episode).expect(.built).report.actions.executed
        for machine in [first, second] { try machine.share(share.path) }
        #expect(try await tell(first, "push", episode) == .init(episode: episode, shared: made, adopted: 0, failed: 0))
        #expect(try await tell(second, "pull", episode) == .init(episode: episode, copied: made, missing: 0, failed: 0))
        try await second.build(episode, "--offline").expect(.built, executed: 0)
        #expect(try second.digests(of: episode) == first.digests(of: episode))
        // Again: nothing is left to do, and that is told for a person, too.
        #expect(try await tell(second, "pull", episode) == .init(episode: episode, copied: 0, missing: 0, failed: 0))
        let again = try await first.run("cache", "push", episode)
        #expect(again.status == 0 && again.output.contains("\(made) results shared with \(share.path)"), "\(again)")
    }

    @Test func whatIsNotThereIsNeitherPulledNorPushed() async throws {
        let share = try SharedDirectory()
        let machine = try Machine()
        try machine.share(share.path)
        let pull = try await machine.run("cache", "pull", Machine.letters)
        #expect(pull.status == 0)
        #expect(pull.output.contains("0 results copied, 10 actions must still be run"), "\(pull)")
        let push = try await machine.run("cache", "push", Machine.letters)
        #expect(push.status == 0 && push.output.contains("nothing of it is built here"), "\(push)")
    }

    @Test(arguments: ["push", "pull"])
    func withoutASharedCacheThatIsAUsageError(_ verb: String) async throws {
        let machine = try Machine()
        let outcome = try await machine.run("cache", verb, Machine.letters)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("this workspace has no shared cache") && outcome.errors.contains("cache: { remotes:"), "\(outcome)")
    }

    @Test func aCacheThatIsOnlyReadIsNotPushedTo() async throws {
        let share = try SharedDirectory()
        let machine = try Machine()
        try machine.share(share.path, push: false)
        let outcome = try await machine.run("cache", "push", Machine.letters)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("push: true"), "\(outcome)")
    }

    @Test(arguments: ["push", "pull"], [false, true])
    func aSharedCacheThatIsGone(_ verb: String, isHTTP: Bool) async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        try machine.share(isHTTP ? "http://127.0.0.1:\(Loopback.freePort())/epbuild" : "\(machine.directory)/not-mounted")
        if verb == "pull" { try FileManager.default.removeItem(atPath: machine.cache) }
        let outcome = try await machine.run("cache", verb, Machine.letters)
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("cannot be reached") && !outcome.errors.contains("the build goes on"), "\(outcome)")
        #expect(outcome.output.contains(verb == "push" ? "0 results shared" : "0 results copied"), "\(outcome)")
        #expect(outcome.output.contains(verb == "push" ? "10 failed" : "3 failed"), "\(outcome)")
    }

    /// What the commands print with `--json`.
    private struct Answer: Decodable, Equatable {
        var episode = ""
        var shared, adopted, copied, missing: Int?
        var failed = 0
    }

    private func tell(_ machine: Machine, _ verb: String, _ episode: String) async throws -> Answer {
        let outcome = try await machine.run("cache", verb, episode, "--json")
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    }
}
