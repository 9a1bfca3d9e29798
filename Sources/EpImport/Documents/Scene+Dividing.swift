extension Scene {
    /// The scene in parts that say at most so many words, cut between sentences. The first keeps its name; the others have none yet.
    ///
    /// Only a text is divided: what is shown of a list or a quotation belongs together.
    public func divided(atMost words: Int) -> [Scene] {
        let parts = kind == .text && text.isEmpty && points.isEmpty ? Prose.parts(of: narration, atMost: words) : []
        guard parts.count > 1 else { return [self] }
        return parts.enumerated().map { index, part in
            var scene = self
            scene.narration = part
            if index > 0 { (scene.id, scene.minimumSeconds, scene.maximumSeconds) = ("", nil, nil) }
            return scene
        }
    }
}
