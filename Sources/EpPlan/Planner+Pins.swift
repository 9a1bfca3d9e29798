import EpCore

/// Pins put a stored result in place of what a stage would make.
extension Planner {
    /// The artifacts of a stage that is pinned as a whole.
    func pinned(_ stage: StageDefinition) -> StageArtifacts? {
        guard !stage.fansOut, let pin = progress.pins(of: stage.name).first(where: { $0.item == nil }) else { return nil }
        return StageArtifacts(isFanOut: false, items: [ItemArtifacts(item: nil, element: nil, files: pinnedFiles(pin, stage, item: nil))])
    }

    func pinnedFiles(_ pin: Pin, _ stage: StageDefinition, item: String?) -> [ArtifactRef] {
        let target = Target(stage: stage.name, item: item)
        pinnedTargets.insert(target)
        return pin.files.map { file in
            let step = add(
                Step(
                    target: target, tool: stage.tool, name: pin.files.count == 1 ? "pinned" : "pinned \(file.name)",
                    operation: .stored(file.action),
                    inputs: [], outputs: [file.path], platform: [:], pool: .cpu, at: stage.location))
            return ArtifactRef(
                name: file.name, source: .output(step, path: file.path), directory: Self.outputDirectory(of: file.path, stage))
        }
    }

    /// The output directory of a command in which a file lies.
    private static func outputDirectory(of path: String, _ stage: StageDefinition) -> String? {
        let declared = stage.node["outputs"]?.value.list?.compactMap(\.string) ?? []
        return declared.first { OutputPath.isDirectory($0) && path.utf8.starts(with: $0.utf8) }.map(OutputPath.bare)
    }
}
