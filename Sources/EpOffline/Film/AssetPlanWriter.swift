import EpCore

/// Says of each panel of a storyboard what has to be made or found for it: the list of scenes that pictures and voices are made from, and
/// the assets.
struct AssetPlanWriter {
    private let title: String
    private let panels: [Value]
    /// Pictures that the person has, by name.
    private let pictures: [String]

    init(_ prompt: Prompt) throws(Diagnostic) {
        let storyboard = try prompt.yaml("Storyboard")
        title = storyboard["title"].text ?? ""
        panels = storyboard["panels"]?.list ?? []
        pictures = try prompt.optionalYAML("Pictures").strings
        guard !panels.isEmpty else {
            throw Prompt.problem("the storyboard has no `panels`", line: 0, remedy: "give it a list of panels, each with its `narration`")
        }
    }

    func document() -> Value {
        let scenes = panels.map { panel -> Value in
            let kept = (panel.members ?? []).filter { !["visual", "shot", "image"].contains($0.key) }
            return .object(kept + (picture(for: panel).map { [.init("image", .string($0))] } ?? []))
        }
        return .object([
            .init("title", .string(title)), .init("scenes", .list(scenes)),
            .init("assets", .list(panels.enumerated().flatMap { assets(of: $1, number: $0 + 1) })),
            .init("made_by", .string(OfflineWriter.madeBy)),
        ])
    }

    /// A picture of the person's whose name is the panel's.
    private func picture(for panel: Value) -> String? {
        let id = panel["id"].text ?? ""
        return pictures.first { name in
            let file = name.split(separator: "/").last.map(String.init) ?? name
            return !id.isEmpty && file.hasPrefix("\(id).")
        }
    }

    private func assets(of panel: Value, number: Int) -> [Value] {
        let id = panel["id"].text ?? "scene \(number)"
        let own = picture(for: panel)
        let picture: [Value.Member] = [
            .init("scene", .string(id)), .init("kind", .string(own == nil ? "card" : "picture")),
            .init("from", .string(own ?? "epbuild, from the panel's own words")),
            .init("shows", .string(panel["visual"].text ?? panel["title"].text ?? "")),
            .init("rights", .string(own == nil ? "own work" : "to be checked")),
        ]
        guard let narration = panel["narration"].text else { return [.object(picture)] }
        let words = Int64(Words.split(narration).count)
        return [.object(picture), .object([
            .init("scene", .string(id)), .init("kind", .string("voice")), .init("from", .string("the narrator's voice, synthetic")),
            .init("words", .int(words)), .init("rights", .string("own work")),
        ])]
    }
}
