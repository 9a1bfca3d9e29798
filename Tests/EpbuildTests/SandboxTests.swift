import Testing

/// `build --sandbox` and `build --check-determinism`.
@Suite struct SandboxTests {
    private static func pipeline(_ run: String, _ more: String = "") -> String {
        """
        stages:
          text: { source: text.txt }
          made: { tool: command, run: [sh, -c, "\(run)"], inputs: { in.txt: text }, outputs: [out.txt], deliver: true }
        \(more)
        """
    }

    /// False, and said, where the system allows nobody namespaces of one's own: in some containers.
    private static func isPossible(on machine: Machine) async throws -> Bool {
        let tried = try await Program.run(
            ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], in: machine.workspace, environment: machine.environment())
        if tried.status != 0 { print("skipped: bubblewrap cannot run here: \(tried.errors.prefix(200))") }
        return tried.status == 0
    }

    private func show(_ run: String) throws -> SmallShow {
        try SmallShow(["show/pipeline.yaml": Self.pipeline(run), "show/ep/text.txt": "hello\n"])
    }

    @Test func whatIsDeclaredIsRead() async throws {
        let show = try show("tr a-z A-Z < in.txt > out.txt")
        guard try await Self.isPossible(on: show.machine) else { return }
        try await show.machine.run("build", SmallShow.episode, "--sandbox").expect(0)
        #expect(try show.machine.text("show/ep/out/out.txt") == "HELLO\n")
        // It is the same result, in a sandbox or not.
        try await show.build().expect(.upToDate)
    }

    @Test func whatIsNotDeclaredIsNotThere() async throws {
        let machine = try Machine()
        let secret = "\(machine.workspace)/secret.txt"
        let show = try SmallShow(["show/pipeline.yaml": Self.pipeline("cat \(secret) in.txt > out.txt"), "show/ep/text.txt": "hello\n"])
        try machine.write(Array("undeclared\n".utf8), to: "secret.txt")
        guard try await Self.isPossible(on: machine) else { return }
        try await show.machine.run("build", SmallShow.episode, "--sandbox").expect(1, errors: "No such file or directory")
        try await show.build().expect(.built)
        let net = try self.show("ls /sys/class/net > out.txt 2>&1; test ! -e /sys/class/net/eth0 && cat < /dev/null > out.txt")
        try await net.machine.run("build", SmallShow.episode, "--sandbox").expect(0)
    }

    @Test func aProgramOfAnInputRunsInside() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": """
                stages:
                  made: { tool: command, run: [./count.sh], inputs: { count.sh: ./count.sh }, outputs: [out.txt], deliver: true }

                """, "show/count.sh": "#!/bin/sh\nls > out.txt\n",
        ])
        guard try await Self.isPossible(on: show.machine) else { return }
        try await show.machine.run("build", SmallShow.episode, "--sandbox").expect(0)
        #expect(try show.machine.text("show/ep/out/out.txt").contains("count.sh"))
    }

    @Test func whatMakesSomethingElseEachTimeIsNamed() async throws {
        let show = try show("cat in.txt > out.txt; cat /proc/sys/kernel/random/uuid >> out.txt")
        try await show.machine.run("build", SmallShow.episode, "--check-determinism").expect(
            1, errors: "out.txt differs between two runs", "show/pipeline.yaml:3:")
        // Nothing was stored of that.
        try await show.build().expect(.built, executed: 1)
        let same = try self.show("cat in.txt in.txt > out.txt")
        try await same.machine.run("build", SmallShow.episode, "--check-determinism").expect(0)
        try await same.build().expect(.upToDate)
    }
}
