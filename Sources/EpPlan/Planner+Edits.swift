public import EpCore

/// A text that a person has changed stands for what would be generated.
extension Planner {
    /// True if a person has changed a stage's text, or that of any of its items.
    public func isEdited(_ target: Target) -> Bool {
        texts.contains { $0.value.isEdited && target.covers($0.key) }
    }

    /// The texts that a person has changed, of a stage or one item of it, by number and name.
    public func edits(of target: Target) -> [(target: Target, text: EditableText)] {
        texts.filter { $0.value.isEdited && target.covers($0.key) }.map { ($0.key, $0.value) }.sorted { Target.areInOrder($0.0, $1.0) }
    }

    /// The text of a stage that is edited as a whole.
    func edited(_ stage: StageDefinition) throws -> StageArtifacts? {
        guard stage.isEditable, !stage.fansOut, let name = stage.output else { return nil }
        let text = EditableText(file: name, place: nil, edit: try progress.handEdit(of: name, in: episode.directory))
        texts[Target(stage: stage.name)] = text
        if let edit = text.edit { warnOfMisspeltKeys(in: edit, of: stage) }
        return text.edit.map {
            StageArtifacts(
                isFanOut: false, items: [ItemArtifacts(item: nil, element: nil, files: [ArtifactRef(name: name, source: .file($0))])])
        }
    }

    /// - Throws: `Diagnostic` if what a tool hands on is not the one text that a person may change.
    func check(_ files: [ArtifactRef], of stage: StageDefinition) throws(Diagnostic) {
        guard stage.isEditable, files.count != 1 || files[0].name != stage.output else { return }
        throw Diagnostic(
            .badInput,
            "stage \"\(stage.name)\" is editable, so it must hand on one file, named as its `output`; it hands on "
                + "\(files.map(\.name).joined(separator: ", "))",
            at: stage.location, remedy: "join what a person may change in a stage of its own")
    }
}
