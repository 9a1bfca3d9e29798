import EpCore

/// What the names of a template mean for one item.
struct Naming {
    private let stage: StageContext
    private let planner: Planner

    init(_ stage: StageContext, _ planner: Planner) {
        self.stage = stage
        self.planner = planner
    }

    /// - Returns: nil if it is not known yet.
    /// - Throws: `Diagnostic` if nothing has that name.
    func value(of root: String, in template: Template, at location: SourceLocation) throws -> Value? {
        // A file whose name alone is mentioned is not read: it may be no text.
        let isNameOnly = template.mentions(of: root) == [["name"]]
        switch root {
        case "show": return stage.blueprint
        case "episode": return stage.episode.value
        case "rejection": return .object([])
        case "item", "previous", "earlier":
            guard let element = stage.element else { break }
            if root == "item" { return try value(of: element, isNameOnly: isNameOnly) }
            return try before(root)
        default:
            if stage.hasElement(called: root) {
                return try stage.element(called: root).flatMap { try value(of: $0, isNameOnly: isNameOnly) }
            }
        }
        let name = StageName(root)
        guard planner.definition(of: name) != nil, name != stage.stage.name else {
            let known =
                ["show", "episode", "rejection"] + stage.stage.localNames
                + planner.stages.map(\.name.text).filter { $0 != stage.stage.name.text }
            throw Diagnostic(.badInput, "`\(root)` is not defined", at: location, remedy: Suggestion.remedy(for: root, in: known))
        }
        guard let artifacts = try stage.artifacts(of: name) else { return nil }
        let isSource = if case .source? = planner.definition(of: name)?.kind { true } else { false }
        let values = try artifacts.items.flatMap { item in
            try item.files.map { file -> Value? in
                if isSource, isNameOnly, Elements.format(file.name) != .structured { return ["name": .string(file.name)] }
                let value = try planner.value(of: file, shown: planner.shown(file, of: name, item: item.item))
                // A person's files are objects, so that a template can also name them.
                return isSource ? value.map { Self.object($0, named: file.name) } : value
            }
        }
        guard !values.contains(where: { $0 == nil }) else { return nil }
        return artifacts.isFanOut ? .list(values.compactMap { $0 }) : values.first ?? .null
    }

    /// What the item before this one has come to, or all items before it.
    private func before(_ root: String) throws -> Value? {
        guard let items = try stage.before(all: root == "earlier") else { return nil }
        let values = try items.flatMap { item in
            try item.files.map { try planner.value(of: $0, shown: planner.shown($0, of: stage.stage.name, item: item.item)) }
        }
        guard !values.contains(where: { $0 == nil }) else { return nil }
        return root == "earlier" ? .list(values.compactMap { $0 }) : values.last ?? .null
    }

    /// The element, with the text of its file as `text` and its item's name, or the fields of its YAML or JSON.
    private func value(of element: Element, isNameOnly: Bool) throws -> Value? {
        guard let file = element.files.first else { return element.value }
        let name = itemName(element, file)
        if isNameOnly, Elements.format(file.name) != .structured { return ["name": .string(name)] }
        guard let value = try planner.value(of: file, shown: element.location?.file ?? file.name) else { return nil }
        return Self.object(value, named: name)
    }

    /// A file of the person's is called as it is; what a stage has made, all under one name, as its item.
    private func itemName(_ element: Element, _ file: ArtifactRef) -> String {
        if case .file = file.source { return file.name }
        return element.value["name"]?.string ?? file.name
    }

    /// A text as an object with `text` and `name`; what YAML or JSON holds as it is.
    private static func object(_ value: Value, named name: String) -> Value {
        value.string == nil ? value : ["text": value, "name": .string(name)]
    }
}
