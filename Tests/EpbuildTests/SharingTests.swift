import FoundationEssentials
import Testing

/// What one machine has made, another one does not make again.
@Suite struct SharingTests {
    private static let variable = "EPBUILD_TEST_TOKEN"
    private static let token = [variable: DocumentedNginx.token]

    @Test func aSecondMachineOverASharedDirectory() async throws {
        let share = try SharedDirectory()
        try await expectNothingExecuted { try $0.share(share.path) }
    }

    @Test(.enabled(if: DocumentedNginx.program != nil, "nginx is not installed: apt-get install nginx-light"))
    func aSecondMachineOverNginxWithAToken() async throws {
        let server = try await DocumentedNginx()
        try await expectNothingExecuted(Self.token) { try $0.share(server.url, token: Self.variable) }
    }

    /// From an idea: texts, voices, music and the mix are all taken from the first machine.
    private func expectNothingExecuted(_ environment: [String: String] = [:], _ share: (Machine) throws -> Void) async throws {
        let (first, second) = (try Machine(), try Machine())
        try share(first)
        try share(second)
        let made = try await first.build(Machine.rockets, environment: environment).expect(.built).report
        for stage in ["outlining", "script_generation", "audio_synthesis"] { #expect(made.executed(stage) > 0) }
        let report = try await second.build(Machine.rockets, environment: environment).expect(.built, executed: 0).report
        #expect(report.actions.remoteHits == made.actions.executed)
        #expect(try second.digests(of: Machine.rockets) == first.digests(of: Machine.rockets))
        #expect(try second.text("\(Machine.rockets)/script.fountain") == first.text("\(Machine.rockets)/script.fountain"))
        // All of it is here now: the shared cache is needed no more.
        second.remove(".epbuild")
        try await second.build(Machine.rockets, "--offline").expect(.upToDate, executed: 0)
    }

    @Test func withoutTheTokenABuildGoesOnAlone() async throws {
        let machine = try Machine()
        try machine.share("http://127.0.0.1:9/epbuild", token: Self.variable)
        let build = try await machine.build(Machine.letters).expect(.built, executed: 10)
        #expect(build.outcome.errors.contains("\(Self.variable) is not set"), "\(build.outcome)")
        let push = try await machine.run("cache", "push", Machine.letters)
        #expect(push.status == 69)
        #expect(push.errors.contains("\(Self.variable) is not set"), "\(push)")
    }

    @Test func aDamagedSharedDirectory() async throws {
        let share = try SharedDirectory()
        try await expectRightBytesFromADamagedCache("aDamagedSharedDirectory", in: share.path) { try $0.share(share.path) }
    }

    @Test(.enabled(if: DocumentedNginx.program != nil, "nginx is not installed: apt-get install nginx-light"))
    func aDamagedNginxCache() async throws {
        let server = try await DocumentedNginx()
        try await expectRightBytesFromADamagedCache("aDamagedNginxCache", in: server.files, Self.token) {
            try $0.share(server.url, token: Self.variable)
        }
    }

    /// Half of the blobs are gone, every other one has a wrong byte.
    private func expectRightBytesFromADamagedCache(
        _ name: String, in files: String, _ environment: [String: String] = [:], _ share: (Machine) throws -> Void
    ) async throws {
        var dice = Dice(for: name)
        let first = try await Machine.withMoonBuilt()
        let (second, third) = (try Machine(), try Machine())
        for machine in [first, second, third] { try share(machine) }
        #expect(try await first.run("cache", "push", Machine.moon, environment: environment).status == 0)
        let blobs = first.files(below: "\(files)/cas").shuffled(using: &dice)
        for (index, blob) in blobs.enumerated() {
            if index.isMultiple(of: 2) {
                try FileManager.default.removeItem(atPath: "\(files)/cas/\(blob)")
            } else {
                try flip("\(files)/cas/\(blob)", &dice)
            }
        }
        let build = try await second.build(Machine.moon, environment: environment).expect(.built)
        let report = try build.report
        #expect(report.actions.executed > 0)
        #expect(
            build.outcome.errors.split(separator: "\n").count {
                $0.contains("holds data that is damaged or cannot be read, and is not used")
            } == 1, "\(build.outcome.errors)")
        #expect(try second.digests(of: Machine.moon) == first.digests(of: Machine.moon))
        // What the second machine made anew has healed the shared cache, but for wrong bytes that it had no need to read.
        let rest = try await third.build(Machine.moon, environment: environment).expect(.built).report
        #expect(rest.actions.executed * 2 < report.actions.executed)
        #expect(try third.digests(of: Machine.moon) == first.digests(of: Machine.moon))
    }

    @Test func aSharedCacheThatIsGoneCostsAWarning() async throws {
        let machine = try Machine()
        try machine.share("http://127.0.0.1:\(Loopback.freePort())/epbuild")
        let build = try await machine.build(Machine.letters).expect(.built, executed: 10)
        #expect(build.outcome.errors.contains("warning: the shared cache"), "\(build.outcome)")
        #expect(build.outcome.errors.contains("left alone for the rest of this run"), "\(build.outcome)")
    }
}
