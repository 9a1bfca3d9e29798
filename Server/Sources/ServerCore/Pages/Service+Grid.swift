import EpCore
import EpDesk
import EpEngine
import EpPlan

/// Whatever fans out, as a grid: lines, scenes, chapters, clips. One of them is made anew, those that are not as they should be, or all.
extension Service {
    /// An item of a stage, with what it has made.
    struct Item {
        let target: Target
        let state: Inspection.State
        let files: [MadeBlob]
    }

    /// The items that a target stands for, in their order; none if it stands for one.
    func items(of target: Target, in inspection: Inspection) -> [Item] {
        var (last, order) = ([Target: Inspection.StepView](), [Target]())
        for step in inspection.steps(of: target) {
            if last[step.target] == nil { order.append(step.target) }
            last[step.target] = step
        }
        guard order.count > 1 else { return [] }
        return order.compactMap { item in
            last[item].map { step in
                let outputs = (step.result?.outputs ?? []).map { MadeBlob(target: item, name: $0.path, digest: $0.digest) }
                return Item(target: item, state: step.state, files: outputs)
            }
        }
    }

    func grid(_ items: [Item], of target: Target, _ pieces: Pieces, _ path: String, text: (MadeBlob) throws -> String?) rethrows -> HTML {
        let due = items.filter { $0.state != .upToDate }
        let cells = try items.prefix(200).map { item -> HTML in
            let link = HTML.link(
                "\(path)/artifact?target=\(PercentText.encoded(item.target.description))", item.target.item ?? "\(item.target)")
            let media = try item.files.prefix(2).map { Pieces.media($0, text: try text($0).map { String($0.prefix(300)) }) }
            let anew =
                pieces.may(.editor)
                ? pieces.form(
                    "\(path)/items", ["target": item.target.description],
                    Pieces.button("Another take", "verb", "anew", label: "Another take of \(item.target)")) : HTML.nothing
            return .tag("li", ["class": "cell"], [.tag("p", [:], link, " ", Pieces.state(item.state.rawValue))] + media + [anew])
        }
        let count = "\(items.count) items, \(due.count) not up to date." + (items.count > 200 ? " The first 200 are shown." : "")
        let whole = pieces.may(.editor) ? pieces.form(
            "\(path)/items", ["target": target.description],
            due.isEmpty ? .nothing : Pieces.button("Build the \(due.count) that are due", "verb", "due"),
            Pieces.button("Another take of all", "verb", "anew", label: "Another take of all \(items.count) items")) : HTML.nothing
        return Pieces.section("Items", [.tag("p", [:], HTML(count)), whole, .tag("ul", ["class": "grid"], cells)])
    }

    /// What a grid's form asks for.
    func itemsForm(_ verb: String, _ target: Target, _ entry: Catalog.Entry, _ user: User) async throws {
        let desk = try desk(user.name)
        switch verb {
        case "anew":
            _ = try await desk.clean(.targets([target]), at: entry.place)
            let order = Job.Order(episodes: [entry.name], targets: [target.description], priority: Job.Order.urgent)
            _ = try await runner.add(order, by: user.name)
        case "due":
            let inspection = try await desk.builder.inspect(entry.place, forgiving: true)
            let due = items(of: target, in: inspection).filter { $0.state != .upToDate }
            guard !due.isEmpty else { throw Problem(409, "nothing of \(target) is due any more") }
            var order = Job.Order(episodes: [entry.name], targets: due.map(\.target.description), priority: Job.Order.urgent)
            order.keepsGoing = true
            _ = try await runner.add(order, by: user.name)
        default: throw Problem(422, "the form does not say what to do")
        }
    }
}
