public import EpCore
public import EpScript

/// Scripts are read once, however many stages read them, and looked through for what a person probably did not mean.
extension Planner {
    /// ``warnings`` without those of scripts that are still looked through.
    public var knownWarnings: [Diagnostic] {
        while let first = reports.first, let warnings = first.knownWarnings {
            foundWarnings += warnings
            reports.removeFirst()
        }
        return foundWarnings
    }

    /// An artifact as a script; nil if it is not built yet.
    /// - Throws: `Diagnostic` if it is not UTF-8.
    func script(_ file: ArtifactRef, of stage: StageName, item: String? = nil) throws -> Script? {
        if let known = scripts[file.source] { return known }
        guard let bytes = try bytes(of: file) else { return nil }
        let written = try Script(parsing: bytes, file: shown(file, of: stage, item: item))
        let script = try disclosing(written, of: stage)
        scripts[file.source] = script
        let place = writtenPlace(of: file, Target(stage: stage, item: item))
        reports.append(PendingReport(of: written, show: ShowCast(blueprint: episode.blueprint), standingIn: place))
        return script
    }

    /// A script with what its show says of synthetic voices, where they speak it for a mix. Who has written the sentence into the script is
    /// not given it twice.
    private func disclosing(_ script: Script, of stage: StageName) throws -> Script {
        // An override that holds nothing takes nothing away.
        let nodes = [episode.node["overrides"]?["disclosure"], show.node["disclosure"]].compactMap(\.self).filter { $0.value != .null }
        guard let node = nodes.first, !script.lines.isEmpty, isVoiced(stage) else { return script }
        let disclosure = try Disclosure(node)
        guard let text = disclosure.text else {
            warn(Disclosure.refused(at: disclosure.location))
            return script
        }
        let isFirst = disclosure.place == .beginning
        guard let speaker = disclosure.speaker ?? (isFirst ? script.lines.first : script.lines.last)?.speaker,
            !script.lines.contains(where: { $0.text == text })
        else { return script }
        return script.saying(text, by: speaker, first: isFirst, at: disclosure.location)
    }

    /// True if synthetic voices speak the lines of a stage, and a mix puts them together.
    private func isVoiced(_ stage: StageName) -> Bool {
        stages.contains { $0.tool.text == "tts" && $0.each.contains { $0.list.stage == stage && $0.list.path == ["lines"] } }
            && stages.contains { $0.tool.text == "mix" && $0.from.contains { $0.stage == stage } }
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
            expanding.append(Target(stage: stage.name))
            defer { expanding.removeLast() }
            var isDone = true
            for item in items(of: stage.name) {
                for file in item.files where Elements.isScript(file.name) {
                    do {
                        if try script(file, of: stage.name, item: item.item) == nil { isDone = false }
                    } catch is Diagnostic {
                        // Whoever reads it says that it is no text.
                    }
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
