import EpCore

/// Files of the person as the artifacts of a stage.
extension Planner {
    /// One file for a path; an item a file for a pattern.
    func sourceArtifacts(_ stage: StageDefinition, pattern: String, inShow: Bool) throws -> StageArtifacts {
        let directory = inShow ? show.directory : episode.directory
        let parts = Path(pattern).parts
        if parts.first == "out" { throw ownProduct(stage, "is where builds deliver") }
        let files = try sources.glob(pattern, in: directory).filter { try !isWritten($0, by: pattern, of: stage) }
        if files.isEmpty, stage.isOptional { return StageArtifacts(isFanOut: true, items: []) }
        guard !files.isEmpty else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.name)\" has no files: nothing matches \(pattern) below the \(inShow ? "show" : "episode")",
                at: stage.location, remedy: remedy(forNoFiles: pattern, in: directory))
        }
        if !parts.contains(where: Self.isPattern), let file = files.first {
            return StageArtifacts(
                isFanOut: false,
                items: [
                    ItemArtifacts(item: nil, element: nil, files: [ArtifactRef(name: Self.lastComponent(file.path), source: .file(file))])
                ])
        }
        warn(ofFilesBeside: files, pattern, in: directory, stage)
        // Items are named by what the pattern leaves open: `*.txt` a file's name, `**/*.txt` a path.
        let fixed = parts.dropLast().prefix { !Self.isPattern($0) }
        let base = ([directory] + fixed).joined(separator: "/")
        let items = files.enumerated().map { index, file in
            let name = Path(file.path).below(base) ?? file.path
            let file = ArtifactRef(name: Self.lastComponent(file.path), source: .file(file))
            let element = Element(number: index + 1, file: file, called: name)
            return ItemArtifacts(item: name, element: element, files: element.files)
        }
        return StageArtifacts(isFanOut: true, items: items)
    }

    private func remedy(forNoFiles pattern: String, in directory: String) -> String {
        let usual = "put a file there, correct the pattern, or write `optional: true`"
        if let near = sources.overlooked(by: pattern, in: directory).first.flatMap({ Path($0).below(directory) }) {
            return "\(near) is there: save it as \(Path(pattern).name); else \(usual)"
        }
        return remedy(forMissing: pattern, in: directory, else: usual)
    }

    /// Names what lies there under nearly the name of a file that does not.
    func remedy(forMissing pattern: String, in directory: String, else usual: String) -> String {
        guard let near = sources.near(pattern, in: directory) else { return usual }
        let form = near.there == near.meant ? ", in another form of Unicode" : ""
        let rename = near.meant.contains("*") ? "capital letters count, so rename it as \(near.meant)" : "rename it to \(near.meant)"
        return "\(near.there) is there\(form): \(rename); else \(usual)"
    }

    static func isPattern(_ part: String) -> Bool { part.utf8.contains { "*?[".utf8.contains($0) } }

    /// True for a text that builds write into an episode: what a stage makes is no source, or each build would feed on the last one.
    /// - Throws: `Diagnostic` if the person has named it, and not merely written a pattern that it matches.
    private func isWritten(_ file: SourceFile, by pattern: String, of stage: StageDefinition) throws -> Bool {
        guard let writer = try writer(of: Path(file.path)) else { return false }
        guard Path(pattern).parts.contains(where: Self.isPattern) else { throw ownProduct(stage, "is written by \"\(writer)\"") }
        return true
    }

    /// The stage that writes a file of an episode.
    func writer(of file: Path) throws -> StageName? {
        for stage in stages where stage.isEditable {
            // A file of an item lies below the stage's directory, as deep as there are dimensions.
            let directory = stage.dimensions.reduce(file) { path, _ in Path(path.parent) }
            guard stage.fansOut ? directory.name == stage.name.text : stage.output == file.name else { continue }
            let home = directory.parent
            if Path(home) == Path(episode.directory) { return stage.name }
            if try sources.file("\(home)/episode.yaml") != nil { return stage.name }
        }
        return nil
    }

    private func ownProduct(_ stage: StageDefinition, _ why: String) -> Diagnostic {
        Diagnostic(
            .badInput, "`source` of stage \"\(stage.name)\" \(why): it cannot be a source of what is built",
            at: stage.node["source"]?.location ?? stage.location,
            remedy: "name another file; what a stage makes is read by that stage's name")
    }
}
