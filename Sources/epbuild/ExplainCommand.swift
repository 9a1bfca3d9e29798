import ArgumentParser
import EpCore
import EpDesk

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tells what a kind of trouble is, why it comes, and what to do.",
        usage: "epbuild explain [CODE] [--json]",
        discussion: "CODE is the id or the word that stands with a failure: EP0205, provider_failed. Without one, all of them are listed.")

    @Argument(help: "EP0205 or provider_failed.")
    var code: String?

    @Flag(help: "Print one JSON object for each code.")
    var json = false

    @Flag(help: .hidden)
    var markdown = false

    func run() throws {
        guard let code else {
            for code in Diagnostic.Code.allCases.sorted(by: { $0.id < $1.id }) {
                Console.answer(json ? try Explanation(code.id).value.json() : "\(code.id)  \(code.rawValue)")
            }
            return
        }
        let explanation = try Explanation(code)
        if json { return Console.answer(explanation.value.json()) }
        if markdown { return Console.answer(explanation.markdown) }
        explanation.lines.forEach(Console.answer)
    }
}
