public import EpCore

/// The names under which people, their editors and their file managers save a file that must be called otherwise: `Script.fountain`,
/// `script.fountain.txt`, `epbuild.yml`.
public enum MisspeltFile {
    /// - Parameter name: what the file must be called.
    public static func names(for name: String) -> [String] {
        let (stem, ending) = (ArtifactRef.stem(of: name), ArtifactRef.fileExtension(of: name))
        guard !ending.isEmpty else { return [capital(name), name.uppercased()].filter { $0 != name } }
        let endings = ending == "yaml" ? ["yaml", "yml"] : [ending]
        let names = endings.flatMap { ending in
            [stem, capital(stem)].flatMap { stem in ["\(stem).\(ending)", "\(stem).\(capital(ending))", "\(stem).\(ending).txt"] }
                + ["\(stem).\(ending)".uppercased()]
        }
        return names.filter { $0 != name }
    }

    private static func capital(_ word: String) -> String { word.prefix(1).uppercased() + String(word.dropFirst()) }

    /// What is told of such a file.
    public static func warning(of path: String, meaning name: String) -> Diagnostic {
        Diagnostic(.badInput, "\(path) is not read: the file must be called \(name)", remedy: "rename it", severity: .warning)
    }
}

extension Planner {
    /// Warns of files that are nearly called as what a stage reads, or as a text that a person may change.
    func warnOfMisspeltFiles() {
        let named = stages.compactMap { stage in file(namedBy: stage).map { (path: $0, stage: stage) } }
        for (path, stage) in named {
            let name = Path(path).name
            for near in MisspeltFile.names(for: name).map({ "\(Path(path).parent)/\($0)" }) {
                guard let file = (try? sources.file(near)) ?? nil, !named.contains(where: { Path($0.path) == Path(near) }) else { continue }
                let wanted = (try? sources.file(path)) ?? nil
                // Of a file that must be there the error tells.
                guard wanted != nil || stage.isEditable || stage.isOptional, file.digest != wanted?.digest else { continue }
                var warning = MisspeltFile.warning(of: file.shown, meaning: name)
                if wanted != nil { warning.remedy = "\(name) is there, too: bring the two together, and remove this one" }
                warn(warning)
            }
        }
    }

    /// The one file of the person's that a stage names.
    private func file(namedBy stage: StageDefinition) -> String? {
        if case .source(let pattern, let inShow) = stage.kind {
            return Path(pattern).parts.contains(where: Self.isPattern) ? nil : "\(inShow ? show.directory : episode.directory)/\(pattern)"
        }
        return stage.isEditable && !stage.fansOut ? stage.output.map { "\(episode.directory)/\($0)" } : nil
    }
}
