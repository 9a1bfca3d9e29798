import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpPlan
import EpProviders

struct ProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "Who serves a workspace: where, with which key, at what price; and programs that can.",
        subcommands: [ProviderListCommand.self, ProviderTestCommand.self, ProviderInstallCommand.self, ProviderUninstallCommand.self],
        defaultSubcommand: ProviderListCommand.self)

    /// The workspace at a path, whose providers have been checked.
    /// - Throws: `Diagnostic` if there is none, or what is wrong in it.
    static func workspace(at path: String, _ composition: Composition) throws -> Workspace {
        let place = NewPlace(path, from: composition.setting.directory)
        try place.requireDirectory()
        guard let root = place.ancestor(with: "epbuild.yaml") else {
            throw Diagnostic(.usage, "there is no epbuild.yaml at \(path), nor above it", remedy: "name an episode, a show or a workspace")
        }
        let workspace = try Workspace(directory: root, Node(fileAt: "\(root)/epbuild.yaml"))
        try workspace.check(providerKinds: Dictionary(providersOf: composition.tools), tools: composition.tools.map(\.name))
        if workspace.providers.isEmpty { Console.say("epbuild.yaml names no providers: `offline` writes and `espeak` speaks") }
        return workspace
    }
}

struct ProviderListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists them, and what is installed.", usage: "epbuild providers [list] [PATH] [--json]")

    @Argument(help: "An episode, a show or a workspace (default: where you are).", completion: .directory)
    var path = "."

    @Flag(help: "Print one JSON object for each provider.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let workspace = try ProvidersCommand.workspace(at: path, composition)
        let reports = composition.vendors.reports(on: workspace, composition.services)
        if json { return reports.forEach { Console.answer($0.value.json()) } }
        if !reports.isEmpty { table(of: reports).lines().forEach(Console.answer) }
        for installation in Installation.all(in: composition.setting) {
            if let version = installation.version {
                Console.answer("installed: \(installation.what.name) (\(version.terminalLine)), in \(installation.place)")
            }
        }
    }

    private func table(of reports: [ProviderReport]) -> Table {
        var table = Table(numbers: [])
        table.add("provider", "tool", "vendor", "model", "where", "key", "price")
        for report in reports {
            let key = report.keyVariable.map { "\($0)\(report.hasKey ? "" : " is not set")" } ?? "none"
            let model = report.shutdown.map { "\(report.model) (until \($0))" } ?? report.model
            table.add(report.name, report.tool, report.vendor, model, report.service, key, report.price)
        }
        return table
    }
}
