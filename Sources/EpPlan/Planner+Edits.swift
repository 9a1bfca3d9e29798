public import EpCore

/// A text that a person has changed stands for what would be generated.
extension Planner {
    /// True if a person has changed a stage's text, or that of any of its items.
    public func isEdited(_ target: Target) -> Bool {
        if target.item != nil { return texts[target]?.isEdited == true }
        return texts.contains { $0.key.stage == target.stage && $0.value.isEdited }
    }

    /// The texts that a person has changed, of a stage or one item of it, by number and name.
    public func edits(of target: Target) -> [(target: Target, text: EditableText)] {
        func order(_ target: Target) -> (Int, String) { (target.item.flatMap { Int($0) } ?? .max, target.description) }
        return texts.filter { $0.value.isEdited && $0.key.stage == target.stage && (target.item == nil || $0.key == target) }
            .map { ($0.key, $0.value) }.sorted { order($0.0) < order($1.0) }
    }

    /// The text of a stage that is edited as a whole.
    func edited(_ stage: StageDefinition) throws -> StageArtifacts? {
        guard stage.isEditable, stage.each == nil, let name = stage.output else { return nil }
        let text = EditableText(file: name, place: nil, edit: try progress.handEdit(of: name, in: episode.directory))
        texts[Target(stage: stage.name)] = text
        return text.edit.map { StageArtifacts(isFanOut: false, items: [ItemArtifacts(item: nil, element: nil, files: [ArtifactRef(name: name, source: .file($0))])]) }
    }

    /// The texts of an editable fan-out stage, one for each element. Those of items that are gone are told of.
    func texts(of stage: StageDefinition, among elements: [Element]) throws -> [EditableText]? {
        guard stage.isEditable, stage.each != nil, let output = stage.output else { return nil }
        let places = ItemPlace.all(of: elements)
        let known = progress.itemFiles(of: stage.name).sorted { $0.key < $1.key }
        let found = ItemPlace.find(known.map { ($0.value, 1) }, among: places)
        var names = [String?](repeating: nil, count: elements.count)
        var lost: [Path: ItemPlace?] = [:]
        for (file, index) in zip(known, found) {
            if let index { names[index] = file.key.text } else { lost[file.key] = .some(file.value.withoutNeighbours) }
        }
        var taken = FreeNames(taken: Set(known.map(\.key)))
        let texts = try elements.indices.map { index in
            let name = names[index] ?? taken.name(for: elements[index], of: stage.name, like: output)
            return EditableText(file: name, place: places[index], edit: try progress.handEdit(of: name, in: episode.directory))
        }
        for file in try sources.glob("\(stage.name)/*", in: episode.directory).map({ Path("\(stage.name)/\(Self.lastComponent($0.path))") }) where !taken.names.contains(file) {
            lost[file] = .some(nil)
        }
        for (file, place) in lost {
            lostTexts[file] = LostText(stage: stage.name, place: place, isEdited: try progress.handEdit(of: file.text, in: episode.directory) != nil)
        }
        return texts
    }

    /// Names for the files of items, each given once.
    private struct FreeNames {
        private(set) var names: Set<Path>
        /// The number after the last that was given, by stem: of ten thousand items of one stem each would ask for all before it.
        private var next: [Path: Int] = [:]

        init(taken: Set<Path>) { names = taken }

        mutating func name(for element: Element, of stage: StageName, like output: String) -> String {
            let (stem, suffix) = (element.stem, output.lastIndex(of: ".").map { output[$0...] } ?? "")
            while true {
                let number = next[Path(stem), default: 1]
                next[Path(stem)] = number + 1
                let name = "\(stage)/\(stem)\(number == 1 ? "" : "-\(number)")\(suffix)"
                if names.insert(Path(name)).inserted { return name }
            }
        }
    }

    /// - Throws: `Diagnostic` if what a tool hands on is not the one text that a person may change.
    func check(_ files: [ArtifactRef], of stage: StageDefinition) throws(Diagnostic) {
        guard stage.isEditable, files.count != 1 || files[0].name != stage.output else { return }
        throw Diagnostic(
            .badInput, "stage \"\(stage.name)\" is editable, so it must hand on one file, named as its `output`; it hands on \(files.map(\.name).joined(separator: ", "))",
            at: stage.location, remedy: "join what a person may change in a stage of its own")
    }
}
