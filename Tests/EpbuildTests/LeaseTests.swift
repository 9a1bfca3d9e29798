import EpTesting
import FoundationEssentials
import Glibc
import Testing

/// Several machines that build the same new episode at once: each paid line is asked for once.
@Suite struct LeaseTests {
    private static let keyed = ["WRITER_KEY": ScriptedModel.key]
    private static let lines = 8

    private func machine(_ model: ScriptedModel, _ remote: String, lines: Int = lines) throws -> SmallShow {
        let provider =
            "writer: { tool: llm, use: openai, model: m, base_url: \"http://127.0.0.1:\(model.server.port)/v1\", api_key_env: WRITER_KEY, base_delay_seconds: 0.01 }"
        return try SmallShow([
            "epbuild.yaml":
                "providers:\n  \(provider)\nprices: { openai: { m: { in: 100, out: 100 } } }\ncache: { remotes: [ \(remote) ] }\n",
            "show/p.md": "Tell of {{ item }}.", "show/ep/things.yaml": "all:\n" + (1...lines).map { "- thing \($0)\n" }.joined(),
            "show/pipeline.yaml":
                "stages:\n  things: { source: things.yaml }\n  say: { tool: llm, prompt: p.md, each: things.all, output: say.txt, deliver: true }\n",
        ])
    }

    private func build(_ show: SmallShow, _ environment: [String: String]) async throws -> Program.Outcome {
        try await Program.run(
            [Program.epbuild, "build", SmallShow.episode], in: show.machine.workspace,
            environment: show.machine.environment(environment.merging(Self.keyed) { $1 }))
    }

    /// A build that is killed as soon as it has a lease.
    private func buildKilled(_ show: SmallShow, holdingIn share: SharedDirectory) async throws {
        let words =
            "'\(Program.epbuild)' build \(SmallShow.episode) & it=$!; while kill -0 $it && [ -z \"$(find '\(share.path)/leases' -type f)\" ]; do sleep 0.01; done; kill -KILL $it; wait $it"
        _ = try await Program.run(["sh", "-c", words], in: show.machine.workspace, environment: show.machine.environment(Self.keyed))
    }

    private func expectOneCallALine(_ remote: String, _ environment: [String: String] = [:]) async throws {
        // The answer takes a while, so that the machines meet.
        let model = try ScriptedModel { _, _ in
            usleep(150_000)
            return nil
        }
        let machines = try (0..<3).map { _ in try machine(model, remote) }
        let outcomes = try await withThrowingTaskGroup(of: Program.Outcome.self) { group in
            for machine in machines { group.addTask { try await build(machine, environment) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for outcome in outcomes { #expect(outcome.status == 0, "\(outcome)") }
        #expect(model.total == Self.lines, "\(model.counts)")
        // Who comes second says for whom it waits: once, however many lines there are.
        let waiting = "another machine is asking for the same"
        #expect(outcomes.contains { $0.errors.contains(waiting) }, "\(outcomes)")
        for outcome in outcomes { #expect(outcome.errors.ranges(of: waiting).count <= 1, "\(outcome)") }
        for machine in machines {
            #expect(try machine.machine.outputs(of: SmallShow.episode) == machines[0].machine.outputs(of: SmallShow.episode))
        }
    }

    @Test func byADirectory() async throws {
        let share = try SharedDirectory()
        try await expectOneCallALine("{ url: \(share.path), push: true }")
        #expect(share.leases.isEmpty, "each lease was given back: \(share.leases)")
    }

    @Test func byAnObjectStore() async throws {
        guard let bucket = await Bucket.open() else { return }
        defer { bucket.peer.stop() }
        try await expectOneCallALine(
            "{ url: \"s3://\(Bucket.name)/builders\", endpoint: \"\(bucket.peer.url)\", push: true }", bucket.environment)
    }

    /// Whoever is killed finds its own leases again and waits for nobody.
    @Test func aKilledBuildGoesOnAtOnce() async throws {
        let model = try ScriptedModel { _, _ in
            usleep(1_000_000)
            return nil
        }
        // Who waits, waits for thirty seconds each time; on a busy machine, some builds take so long by themselves.
        var quickest = Duration.seconds(1000)
        for _ in 0..<4 where quickest > .seconds(25) {
            let share = try SharedDirectory()
            let show = try machine(model, "{ url: \(share.path), push: true }")
            for _ in 0..<10 where share.leases.isEmpty { try await buildKilled(show, holdingIn: share) }
            #expect(!share.leases.isEmpty)
            let clock = ContinuousClock(), began = clock.now
            #expect(try await build(show, [:]).status == 0)
            quickest = min(quickest, clock.now - began)
            #expect(share.leases.isEmpty, "\(share.leases)")
        }
        #expect(quickest < .seconds(25), "\(quickest)")
    }

    /// A machine that fails keeps nobody from trying.
    @Test func afterAFailureAnotherTries() async throws {
        let model = try ScriptedModel { _, before in before == 0 ? ScriptedModel.error(401, "no") : nil }
        let share = try SharedDirectory()
        let first = try machine(model, "{ url: \(share.path), push: true }", lines: 1)
        #expect(try await build(first, [:]).status != 0)
        #expect(share.leases.isEmpty, "\(share.leases)")
        #expect(try await build(try machine(model, "{ url: \(share.path), push: true }", lines: 1), [:]).status == 0)
    }
}

extension SharedDirectory {
    fileprivate var leases: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: "\(path)/leases")) ?? []).filter { $0.contains("/") }
    }
}
