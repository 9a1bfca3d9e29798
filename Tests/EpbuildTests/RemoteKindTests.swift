import EpTesting
import FoundationEssentials
import Testing

/// Whole builds over each kind of server, with real ones.
@Suite struct RemoteKindTests {
    @Test func aSecondMachineOverGRPC() async throws {
        guard let peer = await Peer.start(Peer.buildGrid) else { return }
        defer { peer.stop() }
        try await expectNothingExecuted("{ url: grpc://127.0.0.1:\(peer.port)/main, push: true }")
    }

    /// Results that another key has signed are made anew, and then stand.
    @Test func onlyWhatATrustedKeyHasSignedIsTaken() async throws {
        let share = try SharedDirectory()
        let key = try await key("studio")
        let stranger = try await self.key("stranger")
        let (first, second) = (try Machine(), try Machine())
        try share.name(in: first, "sign_env: STUDIO_KEY")
        try await first.build(Machine.letters, environment: ["STUDIO_KEY": stranger.secret]).expect(.built, executed: 10)
        try share.name(in: second, "sign_env: STUDIO_KEY, trust: [ \"\(key.open)\" ]")
        let build = try await second.build(Machine.letters, environment: ["STUDIO_KEY": key.secret]).expect(.built, executed: 10)
        #expect(build.outcome.errors.contains("nobody has signed whom `trust` names"), "\(build.outcome)")

        let third = try Machine()
        try share.name(in: third, "trust: [ \"\(key.open)\" ]", push: false)
        try await third.build(Machine.letters).expect(.built, executed: 0)
        #expect(try third.digests(of: Machine.letters) == second.digests(of: Machine.letters))
    }

    private func key(_ name: String) async throws -> (secret: String, open: String) {
        let outcome = try await Machine().run("key", name)
        let lines = (outcome.output + "\n" + outcome.errors).split(separator: "\n").map(String.init)
        let secret = try #require(lines.first { $0.contains("EPBUILD_SIGNING_KEY=") }?.split(separator: "=", maxSplits: 1).last)
        let open = try #require(
            lines.first { $0.contains("\(name):") && !$0.contains("EPBUILD_SIGNING_KEY") }?.firstMatch(of: /[a-z]+:[A-Za-z0-9+\/]{43}=/)?
                .output)
        return (String(secret), String(open))
    }

    private func expectNothingExecuted(_ remote: String, _ environment: [String: String] = [:]) async throws {
        let (first, second) = (try Machine(), try Machine())
        for machine in [first, second] { try machine.edit("epbuild.yaml") { $0 + "cache: { remotes: [ \(remote) ] }\n" } }
        let made = try await first.build(Machine.letters, environment: environment).expect(.built).report
        let report = try await second.build(Machine.letters, environment: environment).expect(.built, executed: 0).report
        #expect(report.actions.remoteHits == made.actions.executed)
        #expect(try second.digests(of: Machine.letters) == first.digests(of: Machine.letters))
    }
}

extension SharedDirectory {
    fileprivate func name(in machine: Machine, _ keys: String, push: Bool = true) throws {
        try machine.edit("epbuild.yaml") { $0 + "cache: { remotes: [ { url: \(path), push: \(push), \(keys) } ] }\n" }
    }
}
