public import EpCore
public import EpScript

/// Scripts are read once, however many stages read them, and looked through for what a person probably did not mean.
extension Planner {
    /// An artifact as a script; nil if it is not built yet.
    /// - Throws: `Diagnostic` if it is not UTF-8.
    func script(_ file: ArtifactRef, of stage: StageName, item: String? = nil) throws -> Script? {
        if let known = scripts[file.source] { return known }
        guard let bytes = try bytes(of: file) else { return nil }
        let script = try Script(parsing: bytes, file: shown(file, of: stage, item: item))
        scripts[file.source] = script
        let place = writtenPlace(of: file, Target(stage: stage, item: item))
        warnings += ScriptReport(script, show: ShowCast(blueprint: episode.blueprint)).warnings.map { warning in
            var warning = warning
            if let place { warning.location?.file = place }
            return warning
        }
        return script
    }

    /// What is spoken in a script. That nobody speaks is an error then, and no warning besides.
    func lines(of file: ArtifactRef, _ each: StageReference, item: String?) throws -> [Element]? {
        guard let script = try script(file, of: each.stage, item: item) else { return nil }
        do {
            return try Elements.lines(of: script, each.path, at: each.location)
        } catch let problem as Diagnostic {
            warnings.removeAll { $0.message == problem.message }
            throw problem
        }
    }

    /// Looks through the scripts among what stages hand on, each once: one that waits for an approval, too, and one that nobody speaks yet.
    func proofread() throws {
        for stage in stages where !proofreadStages.contains(stage.name) {
            let scripts = items(of: stage.name).flatMap { item in item.files.filter { Elements.format($0.name) == .fountain }.map { (item: item.item, file: $0) } }
            expanding.append(Target(stage: stage.name))
            defer { expanding.removeLast() }
            let isDone = try scripts.reduce(true) { isDone, script in
                do {
                    return try self.script(script.file, of: stage.name, item: script.item) != nil && isDone
                } catch is Diagnostic {
                    // Whoever reads it says that it is no text.
                    return isDone
                }
            }
            if isDone, artifacts[stage.name] != nil { proofreadStages.insert(stage.name) }
        }
    }

    /// Where a generated text stands for the person once the build has written it; nil if it is not written.
    private func writtenPlace(of file: ArtifactRef, _ target: Target) -> String? {
        guard case .output = file.source, let text = texts[target] else { return nil }
        let facts = episode.node.location.file
        return facts.lastIndex(of: "/").map { facts[...$0] + text.file } ?? text.file
    }
}

extension ShowCast {
    /// The characters of a blueprint with their aliases, and the deliveries that it knows.
    public init(blueprint: Value) {
        let characters = (blueprint["characters"]?.list ?? []).compactMap { character in
            character["name"]?.string.map { name in
                Character(name: name, aliases: character["aliases"]?.list?.compactMap(\.string) ?? [])
            }
        }
        self.init(characters: characters, deliveries: blueprint["delivery"]?.members?.map(\.key) ?? [])
    }
}
