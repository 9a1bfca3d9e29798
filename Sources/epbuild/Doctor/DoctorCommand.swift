import ArgumentParser
import EpComposition
import EpCore

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tells what is missing on this machine, and how to get it.",
        usage: "epbuild doctor [PATH] [--json]",
        discussion: """
            Looks at programs, keys, the cache, disk space and shared caches, as the shows at PATH need them. What builds can do without is marked "!". \
            Exit status: 0, or 69 if something is missing that they cannot do without.
            """)

    @Argument(help: "An episode, a show or a workspace.", completion: .directory)
    var path = "."

    @Flag(help: "Print one JSON object.")
    var json = false

    /// - Throws: `EarlyEnd` with status 69 if something needed is missing.
    func run() async throws {
        let checks = try await Doctor(path, Composition()).checks()
        let isWell = !checks.contains { $0.state == .missing }
        if json {
            Console.answer(Value.object([.init("ok", .bool(isWell)), .init("checks", .list(checks.map(\.value)))]).json())
        } else {
            let width = checks.map(\.subject.count).max() ?? 0
            for check in checks { check.lines(width).forEach(Console.answer) }
        }
        if !isWell { throw EarlyEnd(status: .unavailable) }
    }
}
