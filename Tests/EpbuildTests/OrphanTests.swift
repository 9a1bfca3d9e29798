import FoundationEssentials
import Glibc
import Testing

/// Programs end with the build that runs them, however that ends.
@Suite struct OrphanTests {
    /// What is done to the build, whose number is `$p`, while its program runs.
    @Test(arguments: [
        "kill -KILL $p", "kill -HUP $p", "kill -TERM $p; until grep -q stopping err; do sleep 0.01; done; kill -TERM $p",
        "kill -INT $p; until grep -q stopping err; do sleep 0.01; done; kill -INT $p",
    ])
    func programsEndWithTheBuild(_ end: String) async throws {
        let machine = try Machine()
        let place = machine.directory
        try machine.ownShow("""
              s:
                tool: command
                run: [sh, -c, "trap '' HUP INT TERM; sleep 1000 & echo $! > \(place)/background; setsid sleep 1000 & echo $! > \(place)/apart; echo $$ > \(place)/itself; echo > \(place)/ready; while true; do sleep 1000; done"]
                outputs: [out]
                deliver: true
            """)
        let script = """
            set -m
            '\(Program.epbuild)' build \(Machine.own) 2> err & p=$!
            until [ -e '\(place)/ready' ]; do sleep 0.01; done
            \(end)
            wait $p
            """
        let outcome = try await Program.run(["bash", "-c", script], in: machine.workspace, environment: machine.environment())
        #expect(outcome.status > 128, "\(outcome)")
        for name in ["itself", "background", "apart"] {
            let text = try String(contentsOfFile: "\(place)/\(name)", encoding: .utf8)
            let process = try #require(pid_t(text.prefix { $0.isNumber }))
            while Self.isRunning(process) { await Task.yield() }
        }
        // Nobody holds the action any more, and what the build had half done is gone.
        try machine.edit("\(Machine.ownShow)/pipeline.yaml") { $0.replacing("while true; do sleep 1000; done", with: "echo made > out") }
        try await machine.build(Machine.own).expect(.built, executed: 1)
        let trimming = try await machine.run("cache", "gc", "--now")
        #expect(trimming.status == 0 && machine.files(below: "\(machine.cache)/tmp") == [], "\(trimming)")
    }

    private static func isRunning(_ process: pid_t) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ")
    }
}
