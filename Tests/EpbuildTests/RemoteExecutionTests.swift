import EpTesting
import FoundationEssentials
import Glibc
import Testing

/// Whole builds whose programs run on a real cluster: buildbox-casd.
@Suite struct RemoteExecutionTests {
    private static let pipeline = """
        stages:
          texts: { source: "texts/*.txt" }
          upper: { tool: command, each: texts, run: [sh, -c, "tr a-z A-Z < in/in.txt > made/out.txt; echo $HOME | sed 's/.*/home/' >> made/out.txt"], inputs: { in/in.txt: item }, outputs: [made/out.txt] }
          parts: { tool: command, run: [sh, -c, "cp all/* pieces/; ls all | wc -l > pieces/count"], inputs: { all: upper }, outputs: [pieces/] }
          joined: { tool: command, run: [./join.sh, all.txt], inputs: { join.sh: ./join.sh, pieces: parts }, outputs: [all.txt], deliver: true }

        """
    private static let files = [
        "show/pipeline.yaml": pipeline, "show/join.sh": "#!/bin/sh\ncat pieces/* > $1\n",
        "show/ep/texts/a.txt": "one\n", "show/ep/texts/b.txt": "two\n", "show/ep/texts/c.txt": "three\n",
    ]

    private static func workspace(_ port: UInt16, _ more: String = "") -> String {
        "limits: { jobs: 2 }\nexecution: { url: grpc://127.0.0.1:\(port), stages: [command]\(more) }\n"
    }

    private func withCluster(_ body: (Peer) async throws -> Void) async throws {
        let directory = TemporaryDirectory()
        guard let peer = await Peer.start(Peer.casd(in: directory.path)) else { return }
        defer { peer.stop() }
        try await body(peer)
    }

    /// The lines of the log with one kind of event.
    private func events(_ kind: String, of machine: Machine) throws -> [String] {
        var lines: [String] = []
        for log in machine.files(below: "\(machine.workspace)/.epbuild/events") {
            lines += try machine.text(".epbuild/events/\(log)").split(separator: "\n").map(String.init)
        }
        return lines.filter { $0.contains("\"event\":\"\(kind)\"") }
    }

    @Test func aClusterMakesWhatThisMachineMakes() async throws {
        try await withCluster { peer in
            let here = try SmallShow(Self.files)
            try await here.build().expect(.built, executed: 5)
            let there = try SmallShow(Self.files.merging(["epbuild.yaml": Self.workspace(peer.port)]) { $1 })
            let build = try await there.build().expect(.built, executed: 5)
            #expect(build.outcome.errors.contains("cluster") == false, "\(build.outcome)")
            #expect(try there.machine.digests(of: SmallShow.episode) == here.machine.digests(of: SmallShow.episode))
            let stages = try events("action_remote", of: there.machine)
            #expect(stages.count { $0.contains("\"stage\":\"completed\"") } == 5, "\(stages)")
            #expect(try events("action_started", of: there.machine).allSatisfy { $0.contains("\"pool\":\"remote\"") })
            // What a cluster has made is up to date without one, and stands under the addresses, and with the blobs, that this machine
            // gives it.
            let share = try SharedDirectory()
            for show in [there, here] {
                try show.write("limits: { jobs: 2 }\ncache: { remotes: [ { url: \(share.path), push: true } ] }\n", to: "epbuild.yaml")
                try await show.build().expect(.upToDate, executed: 0)
                let push = try await show.machine.run("cache", "push", SmallShow.episode, "--json")
                #expect(push.output.contains("\"shared\":5,\"adopted\":0,\"failed\":0"), "\(push)")
                #expect(show.machine.files(below: "\(share.path)/ac").count == 5)
            }
        }
    }

    /// What is built in is done there by this epbuild itself, which is an input like any other.
    @Test func partsOfAMixAreMadeThere() async throws {
        try await withCluster { peer in
            let files = [
                "show/show.yaml": "title: S\nlanguage: en\ncharacters:\n  - { name: JUN, voice: { provider: espeak } }\n",
                "show/pipeline.yaml": """
                    stages:
                      script: { source: script.fountain }
                      speech: { tool: tts, each: script.lines }
                      mixed: { tool: mix, from: [script, speech] }
                      package: { tool: package, from: [mixed, script] }

                    """,
                "show/ep/episode.yaml": "title: Talk\nnumber: 1\n", "show/ep/script.fountain": "JUN\nHello there.\n\nJUN\nGood night.\n",
            ]
            let here = try SmallShow(files)
            try await here.build().expect(.built)
            let there = try SmallShow(
                files.merging(["epbuild.yaml": Self.workspace(peer.port).replacing("[command]", with: "[mix]")]) { $1 })
            let build = try await there.build().expect(.built)
            #expect(try events("validation_warning", of: there.machine).isEmpty, "\(build.outcome)")
            let remote = try events("action_started", of: there.machine).filter { $0.contains("\"pool\":\"remote\"") }
            #expect(remote.count >= 2 && remote.allSatisfy { $0.contains("\"tool\":\"mix\"") }, "\(remote)")
            #expect(try there.machine.digests(of: SmallShow.episode) == here.machine.digests(of: SmallShow.episode))
        }
    }

    /// Of shipped shows, what a cluster makes stands under the addresses, and with the bytes, of what is made here.
    @Test(arguments: [Machine.moon, "explainers/ep001-how-a-tide-works"])
    func shippedShowsAreTheSameFromACluster(_ episode: String) async throws {
        try await withCluster { peer in
            let (here, there) = (try Machine(), try Machine())
            try there.edit("epbuild.yaml") {
                $0 + "execution: { url: grpc://127.0.0.1:\(peer.port), stages: [command, mix, video], jobs: 2 }\n"
            }
            for machine in [here, there] {
                try machine.replace("languages: [en, de, es]", with: "languages: [en]", in: "explainers/show.yaml")
                try machine.replace("looks: [light, dark]", with: "looks: [dark]", in: "explainers/show.yaml")
                try machine.replace("size: 1280x720", with: "size: 320x180", in: "explainers/pipeline.yaml")
                try await machine.build(episode).expect(.built)
            }
            let warnings = try events("validation_warning", of: there)
            #expect(warnings.count == (try events("validation_warning", of: here).count), "\(warnings)")
            let remote = try events("action_started", of: there).filter { $0.contains("\"pool\":\"remote\"") }
            let completed = try events("action_remote", of: there).filter { $0.contains("\"stage\":\"completed\"") }
            #expect(remote.count >= 2 && completed.count == remote.count, "\(remote.count) sent, \(completed.count) done there")
            #expect(try there.digests(of: episode) == here.digests(of: episode))
            // Made here or there, each is up to date with the other's results.
            let share = try SharedDirectory()
            try here.share(share.path)
            #expect(try await here.run("cache", "push", episode).status == 0)
            try there.share(share.path)
            let pushed = try await there.run("cache", "push", episode, "--json")
            #expect(pushed.status == 0 && pushed.output.contains("\"adopted\":0,\"failed\":0"), "\(pushed)")
        }
    }

    @Test func aProgramThatFailsThereFailsAsItDoesHere() async throws {
        try await withCluster { peer in
            let pipeline = Self.pipeline.replacing("cp all/* pieces/;", with: "echo no such luck >&2; exit 4;")
            var messages: [String] = []
            for workspace in ["limits: { jobs: 2 }\n", Self.workspace(peer.port)] {
                let show = try SmallShow(Self.files.merging(["show/pipeline.yaml": pipeline, "epbuild.yaml": workspace]) { $1 })
                let build = try await show.build()
                #expect(build.outcome.status == 1, "\(build.outcome)")
                messages.append(
                    try #require(try events("action_failed", of: show.machine).first?.split(separator: "\"error\"").last.map(String.init)))
            }
            #expect(messages[0].contains("no such luck") && messages[0] == messages[1])
        }
    }

    @Test func aClusterThatIsAwayIsToldOfOnce() async throws {
        let show = try SmallShow(Self.files.merging(["epbuild.yaml": Self.workspace(try ScriptedServer.freePort())]) { $1 })
        let build = try await show.build().expect(.built, executed: 5)
        #expect(try events("validation_warning", of: show.machine).count == 1, "\(build.outcome)")
        #expect(build.outcome.errors.contains("the rest of this build runs here"), "\(build.outcome)")
    }

    /// It ends while programs run there: what is left runs here, and is the same.
    @Test func aClusterThatEndsIsReplacedByThisMachine() async throws {
        let here = try SmallShow(Self.files)
        try await here.build().expect(.built, executed: 5)
        try await withCluster { peer in
            let show = try SmallShow(Self.files.merging(["epbuild.yaml": Self.workspace(peer.port)]) { $1 })
            async let build = show.build()
            for _ in 0..<500 where try events("action_remote", of: show.machine).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            peer.stop()
            try await build.expect(.built, executed: 5)
            #expect(try show.machine.digests(of: SmallShow.episode) == here.machine.digests(of: SmallShow.episode))
        }
    }

    /// Workers are killed at random while the build goes on.
    @Test func aBuildEndsRightThoughWorkersAreKilled() async throws {
        let here = try SmallShow(Self.files)
        try await here.build().expect(.built, executed: 5)
        try await withCluster { peer in
            let show = try SmallShow(Self.files.merging(["epbuild.yaml": Self.workspace(peer.port)]) { $1 })
            let killer = Task {
                var killed = 0
                while killed < 3, !Task.isCancelled {
                    if peer.stopChildren() { killed += 1 }
                    try await Task.sleep(for: .milliseconds(Int.random(in: 50...300)))
                }
                return killed
            }
            try await show.build().expect(.built, executed: 5)
            killer.cancel()
            _ = await killer.result
            #expect(try show.machine.digests(of: SmallShow.episode) == here.machine.digests(of: SmallShow.episode))
        }
    }

    /// The version of a program is part of an address: where the cluster has another one, its result would not be the same.
    @Test func aProgramOfAnotherVersionRunsHere() async throws {
        try await withCluster { peer in
            let pipeline =
                "stages:\n  made: { tool: command, run: [tool], outputs: [out.txt], version: [tool, --version], deliver: true }\n"
            let show = try SmallShow(["show/pipeline.yaml": pipeline, "epbuild.yaml": Self.workspace(peer.port)])
            try show.write("#!/bin/sh\nif [ \"$1\" = --version ]; then echo tool 1.0; else echo made > out.txt; fi\n", to: "bin/tool")
            let bin = "\(show.machine.workspace)/bin"
            chmod("\(bin)/tool", 0o755)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let build = try await show.machine.build(SmallShow.episode, environment: ["PATH": "\(bin):\(path)"]).expect(.built, executed: 1)
            #expect(build.outcome.errors.contains("tool does not run on the cluster"), "\(build.outcome)")
        }
    }

    @Test(arguments: [
        ("execution: { url: http://x, stages: [command] }", "a cluster is reached by gRPC"),
        ("execution: { url: grpc://x, stages: [comand] }", "did you mean \"command\"?"),
        ("execution: { url: grpc://x }", "has no `stages`"),
        ("execution: { url: grpc://x/a, instance: b, stages: [command] }", "named twice"),
    ])
    func whatIsWrongInItIsTold(_ text: String, _ words: String) async throws {
        let build = try await SmallShow(Self.files.merging(["epbuild.yaml": text + "\n"]) { $1 }).build()
        #expect(
            build.outcome.status == 65 && build.outcome.output.contains(words) || build.outcome.errors.contains(words), "\(build.outcome)")
    }
}
