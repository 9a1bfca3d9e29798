import EpCore

/// What a stage of a tool fans out into, item by item.
extension Planner {
    /// A stage some of whose items are known.
    struct PartialStage {
        var elements: [Element]
        var items: [ItemArtifacts?]
        /// The steps of items that are not known yet, by name, so that asking again finds the same step.
        var steps: [Int: [String: StepID]] = [:]
        /// Items that cannot be planned, whatever else becomes known.
        var broken: Set<Int> = []
    }

    func toolArtifacts(_ stage: StageDefinition, _ tool: any Tool) throws -> StageArtifacts? {
        guard let elements = try partial[stage.name]?.elements ?? elements(of: stage) else { return nil }
        var state = partial[stage.name] ?? PartialStage(elements: elements, items: Array(repeating: nil, count: elements.count))
        let only = onlyItems[stage.name]
        let pins = pins(of: stage, among: elements)
        let texts = try texts(of: stage, among: elements)
        // One step an item at least: doubling what there is would leave much of it unused.
        if elements.count > steps.count / 4, partial[stage.name] == nil { steps.reserveCapacity(steps.count + elements.count) }
        var isComplete = true
        // What has been added stays known, whatever ends this: added anew in every round, it would have no end.
        defer { partial[stage.name] = state }
        for (index, element) in elements.enumerated() where state.items[index] == nil {
            let item = stage.each == nil ? nil : Self.itemName(element, among: elements)
            if let only, let item, !only.contains(Path(item)) { continue }
            if !state.broken.contains(index) {
                state.items[index] = try attempt {
                    try itemArtifacts(item, element, of: stage, tool, text: texts?[index], pin: pins[index], &state.steps[index, default: [:]])
                } onProblem: {
                    state.broken.insert(index)
                }
            }
            if state.items[index] == nil { isComplete = false } else { state.steps[index] = nil }
        }
        if let only, let unknown = only.subtracting(elements.map { Path(Self.itemName($0, among: elements)) }).min() {
            throw unknownItem(unknown.text, stage, elements)
        }
        return isComplete ? StageArtifacts(isFanOut: stage.each != nil, items: state.items.compactMap { $0 }) : nil
    }

    /// What one item hands on: what a person put in its place, or what the tool says; nil if that is not known yet.
    private func itemArtifacts(
        _ item: String?, _ element: Element, of stage: StageDefinition, _ tool: any Tool, text: EditableText?, pin: Pin?, _ steps: inout [String: StepID]
    ) throws -> ItemArtifacts? {
        if let text {
            self.texts[Target(stage: stage.name, item: item)] = text
            if let edit = text.edit {
                return ItemArtifacts(item: item, element: element, files: [ArtifactRef(name: stage.output ?? "", source: .file(edit))])
            }
        }
        if let pin { return ItemArtifacts(item: item, element: element, files: pinnedFiles(pin, stage, item: item)) }
        guard try isReadable(element, of: stage) else { return nil }
        let context = StageContext(planner: self, stage: stage, item: item, element: stage.each == nil ? nil : element, steps: steps)
        defer { steps = context.steps }
        guard let files = try tool.expand(context) else { return nil }
        try check(files, of: stage)
        return ItemArtifacts(item: item, element: context.element, files: files)
    }

    /// False if the element is an item that a gate holds back.
    private func isReadable(_ element: Element, of stage: StageDefinition) throws -> Bool {
        guard let each = stage.each, each.path.isEmpty, let upstream = definition(of: each.stage), upstream.gate?.isPerItem == true,
            let artifacts = try known(each.stage), element.number <= artifacts.items.count
        else { return true }
        return try isApproved(upstream, artifacts.items[element.number - 1])
    }

    private func unknownItem(_ item: String, _ stage: StageDefinition, _ elements: [Element]) -> Diagnostic {
        let names = elements.map { Self.itemName($0, among: elements) }
        let remedy = elements.count > 12 ? "there are \(elements.count): \(names[0]) … \(names[names.count - 1])" : Suggestion.remedy(for: item, in: names)
        return Diagnostic(.usage, "stage \"\(stage.name)\" has no item \"\(item)\"", remedy: remedy)
    }

    /// What the stage fans out over; one empty element if it does not.
    private func elements(of stage: StageDefinition) throws -> [Element]? {
        guard let each = stage.each else { return [Element(number: 1, value: .null)] }
        // Items that are approved one by one are held back one by one.
        let isPerItem = each.path.isEmpty && definition(of: each.stage)?.gate?.isPerItem == true
        guard let upstream = try isPerItem ? known(each.stage) : artifacts(of: each.stage) else { return nil }
        if each.path.isEmpty {
            return upstream.items.enumerated().map { index, item in
                let name = item.item.map { Value.Member("name", .string($0)) }
                let value = Value.object(name.map { [$0] } ?? [])
                return Element(number: index + 1, value: value, subject: item.element?.subject, files: item.files, location: item.element?.location)
            }
        }
        guard let file = upstream.files.first, upstream.files.count == 1 else {
            throw Diagnostic(
                .badInput, "`each: \(each.stage).\(each.path.joined(separator: "."))` reads one file, but \"\(each.stage)\" has \(upstream.files.count)",
                at: each.location, remedy: "write `each: \(each.stage)` to fan out over its files")
        }
        if Elements.format(file.name) == .fountain { return try lines(of: file, each) }
        guard let bytes = try bytes(of: file) else { return nil }
        return try Elements.select(each.path, from: bytes, named: file.name, shown: shown(file, of: each.stage), at: each.location)
    }

    /// A file's name where each element is a file with a name of its own, else its number.
    static func itemName(_ element: Element, among elements: [Element]) -> String {
        if let name = element.value["name"]?.string, element.files.count == 1, Int(name) == nil { return name }
        return String(element.number)
    }
}
