import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpHistory

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ends the builds of a workspace that go on.", usage: "epbuild stop PATH…",
        discussion: "What runs is cancelled, what was stored stays; those builds exit 130. Returns when they have ended.")

    @Argument(help: "Episodes, shows or workspaces.", completion: .directory)
    var paths: [String] = []

    func run() async throws {
        let builds = RunningBuild.all(in: try Composition().workspaces(paths))
        if builds.isEmpty { return Console.say("no build goes on") }
        let stopped = builds.filter { $0.stop() }
        while stopped.contains(where: \.process.isAlive) { try await Task.sleep(for: .milliseconds(50)) }
        Console.answer("stopped: \(stopped.count) build\(stopped.count == 1 ? "" : "s")")
        guard stopped.count == builds.count else {
            throw Diagnostic(
                .system, "\(builds.count - stopped.count) of them could not be stopped",
                remedy: "they are another person's: ask whoever has begun them")
        }
    }
}
