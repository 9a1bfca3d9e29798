import EpCore
import EpPlan

/// `expect: { scenes: STAGE.list }`: the list whose scenes a film is to have.
struct CheckedScenes {
    let list: StageReference

    /// Nil for a number, and for what is no list of a stage.
    init?(_ node: Node) {
        guard let text = node.value.string, node.value.number == nil else { return nil }
        list = StageReference(parsing: text, at: node.location)
    }

    /// Nil if the stage does not expect the scenes of a list.
    init?(of stage: StageContext) {
        guard let node = stage.stage.node["expect"]?["scenes"] else { return nil }
        self.init(node)
    }

    /// What the scenes are called in a film's report: by their ids, else by their numbers.
    /// - Returns: nil if the list is not known yet.
    func names(in stage: StageContext) throws -> [String]? {
        guard stage.stageNames.contains(list.stage) else {
            throw Diagnostic(
                .badInput, "`scenes` of `expect` must be a number, or the list of a stage, and there is no stage \"\(list.stage)\"",
                at: list.location,
                remedy: Suggestion.remedy(for: list.stage.text, in: stage.stageNames.map(\.text)))
        }
        guard let artifacts = try stage.artifacts(of: list.stage) else { return nil }
        guard artifacts.files.count == 1 else { throw problem("\(list.stage) hands on \(artifacts.files.count) files here") }
        guard let whole = try stage.value(of: artifacts.files[0], of: list.stage) else { return nil }
        guard let scenes = list.path.reduce(whole as Value?, { $0?[$1] })?.list else {
            throw problem("there is no such list in \(artifacts.files[0].name)")
        }
        return scenes.enumerated().map { ($1["id"] ?? $1["name"])?.letters ?? String($0 + 1) }
    }

    private func problem(_ why: String) -> Diagnostic {
        Diagnostic(
            .badInput, "`scenes: \(([list.stage.text] + list.path).joined(separator: "."))`: \(why)", at: list.location,
            remedy: "write `STAGE.scenes`: the list that the film is made of")
    }
}
