import EpCore

/// A plan of some coordinates alone: one chapter to try, before the rest is made.
extension Planner {
    /// What the stages of an excerpt hold at its coordinates, as far as that is known.
    private struct Found {
        var count = 0
        /// The values that there are, each once, in their order.
        var values: [String] = []

        mutating func see(_ value: String) {
            if !values.contains(value) { values.append(value) }
        }
    }

    /// Plans the items of the excerpt, and what they are made from.
    /// - Returns: true if all of that is known.
    /// - Throws: `Diagnostic` (usage) if there is nothing at those coordinates.
    func expandExcerpt() throws -> Bool {
        var found = Found()
        var isComplete = true
        for stage in excerptStages() {
            guard case .tool(let name) = stage.kind, let tool = tools[name] else { continue }
            let isKnown = try attempt { try self.reachedExcerpt(of: stage, tool, &found) } onProblem: { isComplete = false }
            isComplete = isKnown == true && isComplete
        }
        if isComplete, found.count == 0 { throw nothingThere(found) }
        return isComplete
    }

    /// The stages that have such coordinates: by the names of their elements, or by what their lists are expected to hold.
    private func excerptStages() -> [StageDefinition] {
        let all = stages.filter { $0.fansOut && !$0.isPattern }
        let named = all.filter { stage in excerpt.allSatisfy { part in stage.elementNames.contains { $0.name == part.name } } }
        if !named.isEmpty { return named }
        let scripted = all.filter { stage in stage.each.contains { $0.list.path == ["lines"] } }
        // A list that no script holds may be needed by nobody, as where a script was edited by hand.
        return scripted.isEmpty ? all : scripted
    }

    private func reachedExcerpt(of stage: StageDefinition, _ tool: any Tool, _ found: inout Found) throws -> Bool {
        if let whole = artifacts[stage.name] {
            found.count += whole.items.count
            return true
        }
        let expansion = expansion(of: stage)
        var selection = Selection.all(of: stage)
        selection.wants = { branch, index in
            self.excerpt.allSatisfy { part in
                let asked = part.value.lowercased()
                return Self.names(of: part, index, in: branch, of: stage).contains { $0.lowercased() == asked }
            }
        }
        try plan(selection, of: expansion, tool)
        // Far down a long chain of stages, its other end has to be planned first.
        while let deeper = postponed {
            postponed = nil
            guard try settled(deeper) != nil else { break }
            round += 1
            try plan(selection, of: expansion, tool)
        }
        guard expansion.isCounted(selection) else { return false }
        var isComplete = true
        for leaf in expansion.root.leaves {
            for index in leaf.elements.indices {
                if let part = excerpt.first { Self.names(of: part, index, in: leaf, of: stage).forEach { found.see($0) } }
                guard selection.wants?(leaf, index) == true else { continue }
                found.count += 1
                if leaf.items[index] == nil { isComplete = false }
            }
        }
        return isComplete
    }

    /// What an item may be called in one coordinate: its name, number and title, or a field of its element.
    private static func names(of part: Excerpt, _ index: Int, in branch: Branch, of stage: StageDefinition) -> [String] {
        let element = branch.elements[index]
        if let dimension = stage.elementNames.first(where: { $0.name == part.name })?.dimension {
            let elements = (branch.coordinates?.elements ?? []) + [element]
            guard dimension < elements.count else { return [] }
            let title = elements[dimension].subject["title"]?.string
            return [elements[dimension].name, "\(elements[dimension].number)"] + (title.map { [$0] } ?? [])
        }
        if part.name == "chapter", let chapter = element.chapter {
            return ["\(chapter.number)"] + (chapter.title.isEmpty ? [] : [chapter.title])
        }
        return element.value[part.name].map { [$0.string ?? $0.json()] } ?? []
    }

    private func nothingThere(_ found: Found) -> Diagnostic {
        let asked = excerpt.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        guard !found.values.isEmpty, let part = excerpt.first else {
            let names = stages.flatMap { $0.elementNames.map(\.name) }
            return Diagnostic(
                .usage, "nothing here has a \(excerpt.first?.name ?? "coordinate"): \(asked)",
                remedy: names.isEmpty
                    ? "name a field of what stages go through, such as `speaker=NAME`"
                    : Suggestion.remedy(for: excerpt.first?.name ?? "", in: names))
        }
        return Diagnostic(.usage, "there is nothing at \(asked)", remedy: Suggestion.remedy(for: part.value, in: found.values))
    }
}
