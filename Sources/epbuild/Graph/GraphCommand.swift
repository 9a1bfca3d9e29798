import ArgumentParser
import EpComposition
import EpCore
import EpDesk

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Prints which stage reads which, as DOT, Mermaid or JSON; runs nothing.",
        usage: "epbuild graph PATH… [--format dot|mermaid|json] [--items]",
        discussion: """
            A picture: epbuild graph PATH | dot -Tsvg > plan.svg (Graphviz). Colours tell the state of stages; where something has changed, it is \
            known only with --items.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case dot, mermaid, json }

    @Argument(help: "Episodes, shows or workspaces. Of several episodes, the shows' own stages are shown too.", completion: .places)
    var paths: [String] = []

    @Option(help: "dot (Graphviz), mermaid, or json: one object for each episode.")
    var format = Format.dot

    @Flag(help: "Also every step that can be named by now, with what it depends on.")
    var items = false

    func run() async throws {
        let composition = Composition()
        let (places, targets) = try await Words(paths).split(composition)
        if let target = targets.first {
            throw Diagnostic(.usage, "there is no directory \(target)", remedy: "name episodes, shows or workspaces")
        }
        let graphs = try await composition.desk().graphs(of: places, withSteps: items)
        switch format {
        case .dot: Console.answer(DOTGraph(GraphDrawing(graphs)).text)
        case .mermaid: Console.answer(MermaidGraph(GraphDrawing(graphs)).text)
        case .json: graphs.forEach { Console.answer($0.value.json()) }
        }
    }
}
