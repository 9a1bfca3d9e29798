import EpCore

/// What a stage of a tool fans out into, item by item: only what is asked for, and each item once.
extension Planner {
    /// Items of one list that wait, from which on not each of them is asked in every round.
    private static let manyOpen = 64

    func toolArtifacts(_ stage: StageDefinition, _ tool: any Tool) throws -> StageArtifacts? {
        let expansion = expansion(of: stage)
        try plan(.all(of: stage), of: expansion, tool)
        return expansion.complete()
    }

    /// What an item at a position reads of a stage: the items that agree with it in the dimensions that both have.
    /// - Returns: nil if one of them is not known yet, or not approved.
    func artifacts(of name: StageName, at position: Position) throws -> StageArtifacts? {
        guard let stage = definition(of: name) else { return nil }
        let selection = Selection(of: stage, agreeingWith: position)
        guard !selection.isAll else { return try artifacts(of: name) }
        // A gate that asks about all items opens for all at once.
        if let gate = stage.gate, !gate.isPerItem, try artifacts(of: name) == nil { return nil }
        guard let items = try items(selection, of: stage) else { return nil }
        if stage.gate?.isPerItem == true {
            // Every item is asked about, so that a person sees all that waits.
            guard try items.map({ try isApproved(stage, $0) }).allSatisfy({ $0 }) else { return nil }
        }
        return StageArtifacts(isFanOut: !selection.isSingle, items: items).withoutSkipped
    }

    /// - Returns: nil if one of them is not known yet.
    func items(_ selection: Selection, of stage: StageDefinition) throws -> [ItemArtifacts]? {
        guard case .tool(let name) = stage.kind else {
            return try known(stage.name).map { found in selection.range(0, of: found.items.count).map { found.items[$0] } }
        }
        guard let tool = tools[name], !broken.contains(stage.name) else { return nil }
        guard expanding.count < Self.deepest else {
            postponed = postponed ?? stage.name
            return nil
        }
        let expansion = expansion(of: stage)
        if artifacts[stage.name] == nil { try plan(selection, of: expansion, tool) }
        return expansion.items(selection)
    }

    /// Plans items that a person has named.
    /// - Returns: true if all of them are known.
    /// - Throws: `Diagnostic` (usage) if there is none of such a name.
    func reached(_ names: Set<Path>, of stage: StageDefinition) throws -> Bool {
        guard stage.fansOut else { throw unknownItem(names, of: stage, known: []) }
        guard case .tool(let name) = stage.kind, let tool = tools[name], !broken.contains(stage.name) else {
            guard let found = try settled(stage.name) else { return false }
            let known = (found.items + found.skipped).compactMap(\.item)
            if !names.isSubset(of: known.flatMap(Target.homes)) { throw unknownItem(names, of: stage, known: known) }
            return true
        }
        let (expansion, selection) = (expansion(of: stage), Selection(numbers: Selection.all(of: stage).numbers, names: names))
        try plan(selection, of: expansion, tool)
        // Far down a long chain of stages, its other end has to be planned first.
        while let deeper = postponed {
            postponed = nil
            guard try settled(deeper) != nil else { break }
            round += 1
            try plan(selection, of: expansion, tool)
        }
        guard expansion.isCounted(selection) else { return false }
        let all = expansion.itemNames(selection)
        if let unknown = names.filter({ name in !all.contains { Target.homes(of: $0).contains(name) } }).min() {
            throw unknownItem(unknown.text, of: expansion)
        }
        let known = Set(expansion.items.compactMap(\.item).map { Path($0) })
        return all.allSatisfy { known.contains(Path($0)) || !selection.has($0) }
    }

    /// - Parameter names: of which at least one is not known.
    private func unknownItem(_ names: Set<Path>, of stage: StageDefinition, known: [String]) -> Diagnostic {
        let unknown = names.subtracting(known.flatMap(Target.homes)).min()?.text ?? ""
        return Diagnostic(
            .usage, "stage \"\(stage.name)\" has no item \"\(unknown)\"",
            remedy: known.isEmpty ? "name the stage alone: it has no items" : Suggestion.remedy(for: unknown, amongItems: known))
    }

    func expansion(of stage: StageDefinition) -> Expansion {
        if let known = expansions[stage.name] { return known }
        let expansion = Expansion(stage, remembered(of: stage))
        expansions[stage.name] = expansion
        return expansion
    }

    /// The items of an item's own stage that come before it.
    /// - Parameter all: false: only the last of them.
    /// - Returns: nil if one of them is not known yet.
    func items(before position: Position, of stage: StageDefinition, all: Bool) throws -> [ItemArtifacts]? {
        guard case .tool(let name) = stage.kind, let tool = tools[name] else { return nil }
        let expansion = expansion(of: stage)
        var selection = Selection(before: position)
        if all {
            try plan(selection, of: expansion, tool)
            let found = expansion.items(selection)
            blocker = expansion.missing
            return found?.filter { !$0.isSkipped }
        }
        while let last = expansion.root.last(of: selection, dimension: 0, isAtLimit: true) {
            // Of what comes before that, each waits for the one before it: from the first on, no one has to wait for another to be tried.
            if last.index == nil || expansion.item(at: last) == nil, !last.wasTried(in: round) { try plan(selection, of: expansion, tool) }
            guard let index = last.index, let item = expansion.item(at: last) else {
                blocker = last
                // A list that is known by now may have other items at its end.
                if last.index == nil, last.branch.count != nil { continue }
                return nil
            }
            if !item.isSkipped { return [item] }
            selection.limit = last.branch.position(in: stage, index).numbers
        }
        return []
    }

    /// Adds what can be said by now of a selection. Never tries an item twice in a round.
    func plan(_ selection: Selection, of expansion: Expansion, _ tool: any Tool) throws {
        try plan(selection, in: expansion.root, of: expansion, dimension: 0, isAtLimit: selection.limit != nil, tool)
        try lookForStrays(in: expansion)
    }

    private func plan(
        _ selection: Selection, in branch: Branch, of expansion: Expansion, dimension: Int, isAtLimit: Bool, _ tool: any Tool
    ) throws {
        let stage = expansion.stage
        guard selection.reaches(branch.coordinates) else { return }
        if branch.count == nil { try grow(branch, of: expansion, dimension: dimension) }
        guard let count = branch.count else { return }
        let range = selection.range(dimension, of: count, isAtLimit: isAtLimit)
        if !selection.isInnermost(dimension) {
            for index in range {
                let isBelowLimit = isAtLimit && selection.limit?[dimension] == index + 1
                try plan(selection, in: branch.branches[index], of: expansion, dimension: dimension + 1, isAtLimit: isBelowLimit, tool)
            }
        } else if branch.unknown > 0 {
            // One step an item at least: doubling what there is would leave much of it unused.
            if branch.unknown == count, range.count > steps.count / 4 { steps.reserveCapacity(steps.count + range.count) }
            for index in range where branch.items[index] == nil {
                let item = stage.fansOut ? branch.itemName(index) : nil
                if let item, !selection.has(item) { continue }
                if let wants = selection.wants, !wants(branch, index) { continue }
                try planItem(item, index, in: branch, of: stage, tool)
            }
        }
    }

    /// Reads the list of a branch, if that can be had by now.
    private func grow(_ branch: Branch, of expansion: Expansion, dimension: Int) throws {
        guard !branch.isBroken, branch.round != round else { return }
        branch.round = round
        let (stage, position) = (expansion.stage, branch.position(in: expansion.stage))
        let coordinates = branch.coordinates.map { String($0.prefix.dropLast()) }
        expanding.append(Target(stage: stage.name, item: coordinates))
        defer { expanding.removeLast() }
        let found = try attempt {
            try elements(of: stage.dimensions[dimension], at: position, for: stage)
        } onProblem: {
            branch.isBroken = true
        }
        if let found { settle(branch, found, of: expansion, dimension: dimension) }
    }

    private func planItem(_ item: String?, _ index: Int, in branch: Branch, of stage: StageDefinition, _ tool: any Tool) throws {
        let target = Target(stage: stage.name, item: item)
        var open = branch.open[index] ?? Branch.Open()
        guard !open.isBroken, open.round != round else { return }
        open.round = round
        // Kept at once: whatever comes of it, it has been tried.
        branch.open[index] = open
        // Where very many wait, a part of them is asked what else they need.
        if !isThorough, branch.open.count > Self.manyOpen, (round + index) % 16 != 0 {
            if open.awaited.contains(where: { progress.output($0.value, of: $0.key) == nil }) { return awaited[target] = open.awaited }
            if let blocker = open.blocker, blocker.wasTried(in: round) { return }
        }
        expanding.append(target)
        let asker = blocker
        blocker = nil
        defer {
            expanding.removeLast()
            blocker = asker
        }
        let elements = branch.elements
        let found = try attempt(
            of: stage.fansOut ? PlanProblems.Item(target: target, place: elements[index].location, siblings: elements.count) : nil
        ) {
            try itemArtifacts(item, index, in: branch, of: stage, tool, &open.steps)
        } onProblem: {
            open.isBroken = true
        }
        if let found { return branch.set(found, at: index) }
        (open.awaited, open.blocker) = (awaited[target] ?? [:], blocker)
        branch.open[index] = open
    }

    /// What one item hands on: what a person put in its place, or what the tool says; nil if that is not known yet.
    private func itemArtifacts(
        _ item: String?, _ index: Int, in branch: Branch, of stage: StageDefinition, _ tool: any Tool, _ steps: inout NamedSteps
    ) throws -> ItemArtifacts? {
        var element = branch.elements[index]
        func artifacts(_ files: [ArtifactRef], isSkipped: Bool = false) -> ItemArtifacts {
            ItemArtifacts(item: item, element: element, outer: branch.coordinates, files: files, isSkipped: isSkipped)
        }
        if branch.skips.contains(index) { return artifacts([], isSkipped: true) }
        if index < branch.files.count {
            let (file, place) = branch.files[index]
            let text = EditableText(file: file, place: place, edit: try progress.handEdit(of: file, in: episode.directory))
            texts[Target(stage: stage.name, item: item)] = text
            if let edit = text.edit {
                warnOfMisspeltKeys(in: edit, of: stage)
                return artifacts([ArtifactRef(name: stage.output ?? "", source: .file(edit))])
            }
        }
        if let pin = branch.pins[index] { return artifacts(pinnedFiles(pin, stage, item: item)) }
        let position = branch.position(in: stage, index)
        switch try presented(element, at: position, for: stage) {
        case nil: return nil
        case .skipped: return artifacts([], isSkipped: true)
        case .element(let shown): element = shown
        }
        let context = StageContext(
            planner: self, stage: stage, item: item, element: stage.fansOut ? element : nil, outer: branch.coordinates, position: position,
            steps: steps)
        defer { steps = context.steps }
        if let when = stage.when {
            guard let holds = try when.holds(for: context) else { return nil }
            if !holds { return artifacts([], isSkipped: true) }
        }
        guard let files = try tool.expand(context) else { return nil }
        try check(files, of: stage)
        return artifacts(files)
    }

    private enum Presented {
        case element(Element)
        case skipped
    }

    /// The element of an item, as the stage sees it: where it goes through the items of another stage, it is what that item hands on.
    /// - Returns: nil if that is not known yet, or held back by a gate.
    private func presented(_ element: Element, at position: Position, for stage: StageDefinition) throws -> Presented? {
        var element = element
        for each in stage.each {
            guard let name = each.stage, let upstream = definition(of: name) else { continue }
            // Files, and what does not fan out, stand in the list as they are; only a gate may hold them back.
            guard (upstream.fansOut && !upstream.isPattern) || upstream.gate != nil else { continue }
            let selection = Selection(of: upstream, agreeingWith: position)
            guard try artifacts(of: name, at: position) != nil, let item = try items(selection, of: upstream)?.first else { return nil }
            if item.isSkipped { return .skipped }
            guard upstream.fansOut, !upstream.isPattern, upstream.dimensions.last == stage.dimensions.last else { continue }
            let value = Value.object(item.item.map { [Value.Member("name", .string($0))] } ?? [])
            element = Element(
                number: element.number, name: element.name, value: value, subject: element.subject, files: item.files,
                location: element.location)
        }
        return .element(element)
    }

    private func unknownItem(_ item: String, of expansion: Expansion) -> Diagnostic {
        Diagnostic(
            .usage, "stage \"\(expansion.stage.name)\" has no item \"\(item)\"",
            remedy: Suggestion.remedy(for: item, amongItems: expansion.names(near: item)))
    }
}

extension Branch {
    func itemName(_ index: Int) -> String { coordinates.map { $0.prefix + elements[index].name } ?? elements[index].name }

    /// Where its elements lie, in the dimensions of its stage that are around them; with an index, that element itself.
    func position(in stage: StageDefinition, _ index: Int? = nil) -> Position {
        guard stage.fansOut else { return .none }
        let numbers = (coordinates?.elements.map(\.number) ?? []) + (index.map { [$0 + 1] } ?? [])
        let dimensions = numbers.count == stage.dimensions.count ? stage.dimensions : Array(stage.dimensions.prefix(numbers.count))
        return Position(dimensions: dimensions, numbers: numbers)
    }
}
