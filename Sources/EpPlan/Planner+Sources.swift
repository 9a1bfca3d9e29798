import EpCore

/// Files of the person as the artifacts of a stage.
extension Planner {
    /// One file for a path; an item a file for a pattern.
    func sourceArtifacts(_ stage: StageDefinition, pattern: String, inShow: Bool) throws -> StageArtifacts {
        let directory = inShow ? show.directory : episode.directory
        let files = try sources.glob(pattern, in: directory)
        guard !files.isEmpty else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.name)\" has no files: nothing matches \(pattern) below the \(inShow ? "show" : "episode")",
                at: stage.location, remedy: "put a file there, or correct the pattern")
        }
        if !pattern.contains(where: { "*?[".contains($0) }), let file = files.first {
            return StageArtifacts(isFanOut: false, items: [ItemArtifacts(item: nil, element: nil, files: [ArtifactRef(name: Self.lastComponent(file.path), source: .file(file))])])
        }
        // Items are named by what the pattern leaves open: `*.txt` a file's name, `**/*.txt` a path.
        let parts = pattern.split(separator: "/")
        let fixed = parts.dropLast().prefix { !$0.contains { "*?[".contains($0) } }
        let base = fixed.isEmpty ? directory : "\(directory)/\(fixed.joined(separator: "/"))"
        let items = files.enumerated().map { index, file in
            let name = String(decoding: file.path.utf8.dropFirst(base.utf8.count + 1), as: UTF8.self)
            let refs = [ArtifactRef(name: Self.lastComponent(file.path), source: .file(file))]
            let element = Element(number: index + 1, value: ["name": .string(name)], files: refs, location: SourceLocation(file: file.shown))
            return ItemArtifacts(item: name, element: element, files: refs)
        }
        return StageArtifacts(isFanOut: true, items: items)
    }
}
