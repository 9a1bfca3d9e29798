import ArgumentParser
import EpComposition
import EpCore
import EpEngine
import EpHistory
import EpPlan
import EpProviders

struct ProviderTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Asks each one smallest question.", usage: "epbuild providers test [PATH] [--json]",
        discussion: "What that costs stands in the ledger. Exit status: 0, or 69 if one of them does not serve.")

    @Argument(help: "An episode, a show or a workspace (default: where you are).", completion: .directory)
    var path = "."

    @Flag(help: "Print one JSON object for each provider.")
    var json = false

    /// - Throws: `EarlyEnd` with status 69 if one of them does not serve.
    func run() async throws {
        let composition = Composition()
        let workspace = try ProvidersCommand.workspace(at: path, composition)
        var isWell = true
        for provider in workspace.providers where await !test(provider, composition) { isWell = false }
        if !isWell { throw EarlyEnd(status: .unavailable) }
    }

    /// - Returns: false if it does not serve.
    private func test(_ provider: ProviderConfiguration, _ composition: Composition) async -> Bool {
        var members: [Value.Member] = [.init("name", .string(provider.name))]
        var line = provider.name
        var isWell = true
        do {
            let door = LedgerDoor(Ledger(), workspace: provider.directory)
            if let served = try await composition.vendors.test(provider, composition.services, door: door) {
                members += [.init("isWell", true), .init("servedBy", .string(served.servedBy))] + served.cost.members("cost")
                let price = served.cost.isKnown ? ", for \(served.cost.text)" : ", at an unknown price"
                line += ": \(served.servedBy) answers\(served.cost == .zero ? "" : price)"
            } else {
                members.append(.init("isWell", true))
                line += ": on this machine; `epbuild doctor` looks after its program"
            }
        } catch {
            let problem = (error as? StepFailure)?.diagnostic ?? [Diagnostic](describing: error).first ?? Diagnostic(.system, "\(error)")
            members += [.init("isWell", false), .init("error", problem.value)]
            line += ": \(problem.message)\(problem.remedy.map { "\n  \(Console.isUnicode ? "→" : "->") \($0)" } ?? "")"
            isWell = false
        }
        Console.answer(json ? Value.object(members).json() : line)
        return isWell
    }
}
