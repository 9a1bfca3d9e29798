import Testing

/// Actions that take too long.
@Suite struct TimeoutTests {
    @Test func whatTakesTooLongEndsWithAllThatItHasStarted() async throws {
        let run = "sleep 10000 & echo $! > $0; sleep 10000; echo done > out.txt"
        let machine = try SmallShow().machine
        let mark = "\(machine.directory)/child"
        let show = try SmallShow(["show/pipeline.yaml": "stages:\n  slow: { tool: command, run: [sh, -c, \"\(run)\", \"\(mark)\"], outputs: [out.txt], timeout_seconds: 2 }\n"])
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 1 && outcome.errors.contains("slow: it has not ended within 2 s"), "\(outcome)")
        let child = try await Program.run(["sh", "-c", "kill -0 $(cat '\(mark)')"], in: "/", environment: show.machine.environment())
        #expect(child.status != 0, "its child lives on")
    }
}
