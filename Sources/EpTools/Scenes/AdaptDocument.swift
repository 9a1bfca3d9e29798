import EpCore
import EpPlan

/// Finds the document of a stage, or of one of its items.
struct AdaptDocument {
    struct Found {
        let file: ArtifactRef
        /// As messages name it.
        let shown: String
        /// Where it lies below the episode; "" for what a stage has made.
        let directory: String
    }

    private let stage: StageContext
    private let settings: AdaptSettings

    init(_ stage: StageContext, _ settings: AdaptSettings) { (self.stage, self.settings) = (stage, settings) }

    /// - Returns: nil if it is not known yet.
    func found() throws -> Found? {
        if settings.document != nil { return try named() }
        if let reference = stage.stage.from.first {
            guard let artifacts = try stage.artifacts(of: reference.stage) else { return nil }
            guard let file = artifacts.files.first, artifacts.files.count == 1 else {
                throw Diagnostic(
                    .badInput,
                    "stage \"\(stage.stage.name)\" adapts one document, and \"\(reference.stage)\" has \(artifacts.files.count) files",
                    at: reference.location,
                    remedy: "write `each: \(reference.stage)`, so that each of them becomes a list of scenes")
            }
            return made(file, by: reference.stage, at: artifacts.items.first?.element?.location)
        }
        if let element = stage.element, let file = element.files.first, let from = stage.stage.each.first?.list.stage {
            return made(
                file, by: from,
                at: element.location)
        }
        throw Diagnostic(
            .badInput, "stage \"\(stage.stage.name)\" does not say which document it adapts", at: stage.stage.location,
            remedy: "add `document: PATH`, `from: [STAGE]`, or `each: STAGE` of a `source:`")
    }

    private func made(_ file: ArtifactRef, by stageName: StageName, at place: SourceLocation?) -> Found {
        guard case .file(let source) = file.source else { return Found(file: file, shown: stage.shown(file, of: stageName), directory: "") }
        return Found(file: file, shown: source.shown, directory: directory(of: source))
    }

    private func named() throws -> Found? {
        guard let pattern = try AdaptSettings.rendered(settings.document, in: stage) else { return nil }
        guard RelativePath.isClean(pattern) else {
            throw Diagnostic(.badInput, "\"\(pattern)\" must be a path below the episode, without `..`", at: settings.location)
        }
        _ = try stage.shared { try UnreadDocuments.Told(UnreadDocuments(stage, settings)) }
        let files = try stage.episodeFiles(pattern)
        guard let file = files.first else {
            throw Diagnostic(
                .badInput, "there is no document: nothing matches \(pattern) below the episode",
                at: stage.element?.location ?? settings.location,
                remedy: stage.remedy(
                    forMissing: pattern, else: "put it there, or correct `document` of stage \"\(stage.stage.name)\""))
        }
        guard files.count == 1 else {
            throw Diagnostic(
                .badInput,
                "\(files.count) files match \(pattern), and one of them is the document: \(files.map(\.shown).joined(separator: ", "))",
                at: settings.location,
                remedy: "move the others elsewhere, or name the file itself")
        }
        return Found(file: ArtifactRef(name: Path(file.path).name, source: .file(file)), shown: file.shown, directory: directory(of: file))
    }

    private func directory(of file: SourceFile) -> String {
        Path(file.path).below(stage.episode.directory).map { Path($0).parts.dropLast().joined(separator: "/") } ?? ""
    }
}
