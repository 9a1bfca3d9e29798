public import EpCore

/// What the lock remembers of a stage's items goes with their elements, in every dimension.
extension Planner {
    func remembered(of stage: StageDefinition) -> Branch.Memory {
        guard stage.fansOut else { return Branch.Memory() }
        var memory = Branch.Memory()
        let dimensions = stage.dimensions.count
        if stage.isEditable {
            memory.files = progress.itemFiles(of: stage.name).sorted { $0.key < $1.key }
                .filter { $0.value.standings.count == dimensions }.map { Remembered($0.key, at: $0.value) }
        }
        memory.pins = progress.pins(of: stage.name).filter { $0.item != nil && $0.place.standings.count == dimensions }.map {
            Remembered($0, at: $0.place, called: $0.item)
        }
        memory.skips = progress.skips(of: stage.name).filter { $0.place.standings.count == dimensions }.map {
            Remembered($0.target, at: $0.place, called: $0.target.item)
        }
        return memory
    }

    /// Fills a branch with the elements of its list, and gives each what is remembered of it.
    func settle(_ branch: Branch, _ elements: [Element], of expansion: Expansion, dimension: Int) {
        let stage = expansion.stage
        let isInnermost = dimension + 1 >= stage.dimensions.count
        branch.fill(elements, isInnermost: isInnermost)
        let isPlaced = stage.fansOut && (stage.isEditable || !branch.memory.isEmpty)
        let standings = isPlaced ? Standing.all(of: elements) : []
        let memory = branch.memory
        let found = memory.find(among: standings, dimension: dimension, isOuter: !isInnermost)
        lose(memory, found, of: stage, at: branch.standings)
        // What is found stands so from now on, though it may not be known yet where it stands further in.
        let places = standings.map { branch.standings + [$0] }
        for (file, index) in zip(memory.files, found.files) {
            if let index { textPlaces[file.thing] = file.place.moved(to: places[index]) }
        }
        for (pin, index) in zip(memory.pins, found.pins) {
            if let index { pinPlaces[Target(stage: stage.name, item: pin.thing.item)] = pin.place.moved(to: places[index]) }
        }
        for (skip, index) in zip(memory.skips, found.skips) {
            if let index { skipPlaces[skip.thing] = skip.place.moved(to: places[index]) }
        }
        if isInnermost {
            if stage.isEditable, stage.fansOut { branch.files = files(of: branch, places.map { ItemPlace($0) }, found.files, expansion) }
            for (pin, index) in zip(memory.pins, found.pins) {
                guard let index else { continue }
                branch.pins[index] = pin.thing
                guard places[index].map(\.element) != pin.place.standings.map(\.element) else { continue }
                let target = Target(stage: stage.name, item: branch.itemName(index))
                warn(
                    Diagnostic(
                        .badInput, "\(target) is pinned, and what it was made for has changed since", at: elements[index].location,
                        remedy: "`epbuild unpin` has it made of what stands here", severity: .warning))
            }
            for case let index? in found.skips {
                branch.skips.insert(index)
                warn(Diagnostic(
                    .badInput, "\(Target(stage: stage.name, item: branch.itemName(index))) is left out", at: elements[index].location,
                    remedy: "`epbuild unskip` takes it in again", severity: .warning))
            }
        } else {
            func below<Thing>(_ remembered: [Remembered<Thing>], _ found: [Int?]) -> [Int: [Remembered<Thing>]] {
                Dictionary(grouping: zip(remembered, found).filter { $1 != nil }) { $1 ?? 0 }.mapValues { $0.map(\.0) }
            }
            let (files, pins, skips) = (below(memory.files, found.files), below(memory.pins, found.pins), below(memory.skips, found.skips))
            branch.branches = elements.indices.map { index in
                Branch(
                    at: Coordinates((branch.coordinates?.elements ?? []) + [elements[index]]),
                    standing: isPlaced ? branch.standings + [standings[index]] : [],
                    Branch.Memory(files: files[index] ?? [], pins: pins[index] ?? [], skips: skips[index] ?? []))
            }
        }
    }

    /// The items of a fan-out that can be named by now, and where they stand.
    public func places(of stage: StageName) -> [(item: String, place: ItemPlace)] {
        if let whole = artifacts[stage] {
            return zip(whole.items, ItemPlace.all(of: whole.items)).compactMap { item, place in item.item.map { ($0, place) } }
        }
        return expansions[stage].map { places(in: $0.root, below: []) } ?? []
    }

    private func places(in branch: Branch, below outer: [Standing]) -> [(item: String, place: ItemPlace)] {
        let standings = Standing.all(of: branch.elements)
        if !branch.branches.isEmpty { return zip(branch.branches, standings).flatMap { places(in: $0, below: outer + [$1]) } }
        return standings.indices.map { (branch.itemName($0), ItemPlace(outer + [standings[$0]])) }
    }

    /// Keeps in mind what belongs to no item any more.
    private func lose(_ memory: Branch.Memory, _ found: Branch.Found, of stage: StageDefinition, at outer: [Standing]) {
        for (file, index) in zip(memory.files, found.files) where index == nil {
            lose(file.thing, of: stage, at: file.place.lost(in: outer))
        }
        for (pin, index) in zip(memory.pins, found.pins) where index == nil {
            let target = Target(stage: stage.name, item: pin.thing.item)
            lostPins.insert(target)
            pinPlaces[target] = pin.place.lost(in: outer)
            warn(
                Diagnostic(
                    .badInput, "\(target) is pinned, and what it was made for is gone", remedy: "`epbuild unpin` takes the pin away",
                    severity: .warning))
        }
        for (skip, index) in zip(memory.skips, found.skips) where index == nil {
            skipPlaces[skip.thing] = skip.place.lost(in: outer)
            warn(
                Diagnostic(
                    .badInput, "\(skip.thing) is left out, and what it was made for is gone", remedy: "`epbuild unskip` forgets it",
                    severity: .warning))
        }
    }

    private func lose(_ file: Path, of stage: StageDefinition, at place: ItemPlace?) {
        let isEdited = try? attempt { try progress.handEdit(of: file.text, in: episode.directory) != nil } onProblem: {}
        let lost = LostText(stage: stage.name, place: place, isEdited: isEdited ?? true)
        lostTexts[file] = lost
        if lost.isEdited { warn(lost.warning(of: file)) }
    }

    /// The files of an editable stage's items: those in which they stood before, and new ones.
    private func files(
        of branch: Branch, _ places: [ItemPlace], _ found: [Int?], _ expansion: Expansion
    ) -> [(name: String, place: ItemPlace)] {
        var names: [Int: String] = [:]
        for (file, index) in zip(branch.memory.files, found) { if let index { names[index] = file.thing.text } }
        return branch.elements.indices.map { index in
            (
                names[index] ?? expansion.fileNames.name(for: branch.elements[index], in: branch.coordinates, of: expansion.stage),
                places[index]
            )
        }
    }

    /// Looks for files in an editable stage's directory that belong to no item, once all items are counted.
    func lookForStrays(in expansion: Expansion) throws {
        let stage = expansion.stage
        guard stage.isEditable, stage.fansOut, !expansion.hasLookedForStrays, expansion.isCounted(.all(of: stage)) else { return }
        expansion.hasLookedForStrays = true
        for depth in stage.dimensions.indices {
            for file in try sources.glob("\(stage.name)/" + String(repeating: "*/", count: depth) + "*", in: episode.directory) {
                guard let name = Path(file.path).below(episode.directory).map({ Path($0) }), !expansion.fileNames.names.contains(name)
                else { continue }
                lose(name, of: stage, at: nil)
            }
        }
    }
}

extension Branch {
    /// The index of the element with which each thing of a memory goes; nil for what is gone.
    typealias Found = (files: [Int?], pins: [Int?], skips: [Int?])
}

extension Branch.Memory {
    /// - Parameter isOuter: what lies in one element goes with it together, of whatever kind it is. Of an item, each kind is found by
    ///   itself.
    fileprivate func find(among standings: [Standing], dimension: Int, isOuter: Bool) -> Branch.Found {
        func places<Thing>(_ remembered: [Remembered<Thing>]) -> [(standing: Standing, number: Int)] {
            remembered.map { ($0.place.standings[dimension], $0.numbers[dimension]) }
        }
        let (files, pins, skips) = (places(files), places(pins), places(skips))
        guard isOuter else {
            return (Standing.find(files, among: standings), Standing.find(pins, among: standings), Standing.find(skips, among: standings))
        }
        let found = Standing.findOuter(files + pins + skips, among: standings)
        return (Array(found.prefix(files.count)), Array(found.dropFirst(files.count).prefix(pins.count)), Array(found.suffix(skips.count)))
    }
}

/// Names for the files of a stage's items, each given once.
struct FreeNames {
    private(set) var names: Set<Path>
    /// The number after the last that was given, by what comes before it: of ten thousand items of one name each would ask for all before
    /// it.
    private var next: [Path: Int] = [:]

    init(taken: Set<Path>) { names = taken }

    /// In one dimension, the element names its file; in several, the numbers of the elements do, or their own names: `prose/1/2.md`.
    mutating func name(for element: Element, in coordinates: Coordinates?, of stage: StageDefinition) -> String {
        let parts = coordinates.map { ($0.elements + [element]).map(\.part) } ?? [element.stem]
        let (stem, suffix) = (
            parts.joined(separator: "/"), (stage.output ?? "").lastIndex(of: ".").map { (stage.output ?? "")[$0...] } ?? ""
        )
        while true {
            let number = next[Path(stem), default: 1]
            next[Path(stem)] = number + 1
            let name = "\(stage.name)/\(stem)\(number == 1 ? "" : "-\(number)")\(suffix)"
            if names.insert(Path(name)).inserted { return name }
        }
    }
}

extension Element {
    /// What paths of files are made of in several dimensions.
    fileprivate var part: String { Int(name) == nil ? stem : name }
}
