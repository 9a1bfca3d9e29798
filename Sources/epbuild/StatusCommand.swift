import ArgumentParser
import EpCore
import EpEngine
import EpPlan

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tells how every stage stands: up to date, stale, missing or edited.", usage: "epbuild status PATH… [--json]")

    @Argument(help: "Episodes, shows or workspaces.", completion: .places)
    var paths: [String] = []

    @Flag(help: "Print one JSON object for each episode.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let (places, _) = try Words(paths).split(composition)
        let builder = try composition.builder()
        for place in places {
            let inspection = try await builder.inspect(place, observer: SilentView())
            let stages = inspection.stages.compactMap { StageStatus($0, inspection) }
            let name = place.shown(from: composition.setting.directory)
            if json {
                let values = stages.map { Value.Member($0.name, $0.value) }
                Console.answer(Value.object([.init("episode", .string(name)), .init("stages", .object(values))]).json())
            } else {
                Console.answer(Console.styled(name, .bold))
                let width = stages.map(\.name.count).max() ?? 0
                for stage in stages { Console.answer("  " + stage.line(width)) }
            }
        }
    }
}

/// How one stage stands.
private struct StageStatus {
    let name: String
    private let state: String
    private let counts: [(state: String, count: Int)]
    private let file: String?

    init?(_ stage: Inspection.StageView, _ inspection: Inspection) {
        name = stage.definition.name.text
        let steps = inspection.steps.filter { $0.target.stage == stage.definition.name }
        let states: [Inspection.State] = [.missing, .stale, .unknown, .upToDate]
        counts = states.map { state in (state.rawValue, steps.count { $0.state == state }) }.filter { $0.1 > 0 }
        file = stage.isEdited ? stage.definition.output : nil
        if stage.isEdited {
            state = "edited"
        } else if case .source = stage.definition.kind {
            state = "source"
        } else if steps.isEmpty {
            state = switch stage.knowledge {
            case .known: "up to date"
            case .notYet: "not known yet"
            case .notNeeded: "not needed"
            }
        } else {
            state = counts[0].state
        }
    }

    func line(_ width: Int) -> String {
        let padded = name + String(repeating: " ", count: width - name.count)
        let numbers = counts.count > 1 || (counts.first?.count ?? 0) > 1 ? "  " + counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ") : ""
        let note = file.map { "  (\($0) is yours; `epbuild revert` gives it up)" } ?? ""
        return "\(padded)  \(Console.styled(state, style))\(numbers)\(note)"
    }

    private var style: Console.Style {
        switch state {
        case "up to date", "source": .green
        case "edited": .yellow
        case "stale", "missing": .bold
        default: .faint
        }
    }

    var value: Value {
        .object([.init("state", .string(state))] + counts.map { .init($0.state, .int(Int64($0.count))) })
    }
}
