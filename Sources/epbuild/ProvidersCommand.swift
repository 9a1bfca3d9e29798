import ArgumentParser
import EpCore
import EpDesk
import EpEngine
import EpHistory
import EpPlan
import EpProviders

struct ProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "Lists who serves a workspace: where, with which key, at what price.", usage: "epbuild providers [test] [PATH] [--json]",
        discussion: "With `test`, each is asked one smallest question: what that costs stands in the ledger. Exit status: 0, or 69 if one of them does not serve.")

    @Argument(help: "`test`, and an episode, a show or a workspace (default: where you are).", completion: .directory)
    var words: [String] = []

    @Flag(help: "Print one JSON object for each provider.")
    var json = false

    func validate() throws {
        if words.count > 2 || words.count == 2 && words[0] != "test" { throw ValidationError("it takes `test` and one PATH") }
    }

    func run() async throws {
        let composition = Composition()
        let isTest = words.first == "test"
        let path = words.dropFirst(isTest ? 1 : 0).first ?? "."
        let place = NewPlace(path, from: composition.setting.directory)
        guard let root = place.ancestor(with: "epbuild.yaml") else {
            throw Diagnostic(.usage, "there is no epbuild.yaml at \(path), nor above it", remedy: "name an episode, a show or a workspace")
        }
        let workspace = try Workspace(directory: root, Node(fileAt: "\(root)/epbuild.yaml"))
        try workspace.check(providerKinds: Dictionary(providersOf: composition.tools))
        let reports = composition.vendors.reports(on: workspace, composition.services)
        if reports.isEmpty { Console.say("epbuild.yaml names no providers: `offline` writes and `espeak` speaks") }
        guard isTest else { return show(reports) }
        var isWell = true
        for provider in workspace.providers where await !test(provider, composition) { isWell = false }
        if !isWell { throw EarlyEnd(status: .unavailable) }
    }

    private func show(_ reports: [ProviderReport]) {
        if json { return reports.forEach { Console.answer($0.value.json()) } }
        guard !reports.isEmpty else { return }
        var table = Table(numbers: [])
        table.add("provider", "tool", "vendor", "model", "where", "key", "price")
        for report in reports {
            let key = report.keyVariable.map { "\($0)\(report.hasKey ? "" : " is not set")" } ?? "none"
            table.add(report.name, report.tool, report.vendor, report.model, report.service, key, report.price)
        }
        table.lines().forEach(Console.answer)
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
                line += ": \(served.servedBy) answers\(served.cost == .zero ? "" : served.cost.isKnown ? ", for \(served.cost.text)" : ", at an unknown price")"
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
