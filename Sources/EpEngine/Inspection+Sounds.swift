import EpCache
public import EpCore
public import EpPlan

/// What files an episode's artifacts are, for whoever takes a finished one apart.
extension Inspection {
    /// The digests of what is spoken: the files of items whose elements have a speaker.
    public var spokenFiles: Set<Digest> {
        Set(stages.filter(\.definition.fansOut).flatMap { stage in
            pass.planner.items(of: stage.definition.name).filter { $0.element?.value["speaker"] != nil }.flatMap(\.files).compactMap(digest)
        })
    }

    /// The names of all artifacts that are made, by their digests. Of several with the same bytes, one.
    public var fileNames: [Digest: String] {
        let named = stages.flatMap { stage in
            pass.planner.items(of: stage.definition.name).flatMap(\.files).compactMap { file in digest(of: file).map { ($0, file.stem) } }
        }
        return Dictionary(named) { first, _ in first }
    }

    /// What stands finished, as the events of a build would tell it.
    public var ended: [BuildEvent.StepEnd] {
        pass.planner.steps.indices.compactMap { index in
            guard let result = pass.results[index], let address = pass.addresses[index] else { return nil }
            let step = pass.planner.steps[index]
            return BuildEvent.StepEnd(
                site: step.site, tool: step.tool, origin: .cache, address: address.digest, result: result, planned: (StepID(index), step))
        }
    }
}

extension Builder {
    /// The bytes of something that is made; nil if they are gone or damaged.
    public func bytes(of output: Digest) throws(Diagnostic) -> [UInt8]? { try cache.bytes(output) }

    /// What a step reads, opened without reading all of it; nil if it is gone, damaged or changed.
    public func open(_ source: ArtifactSource, _ digest: Digest) throws(Diagnostic) -> (any RandomAccessBytes)? {
        switch source {
        case .literal(let bytes): bytes
        case .output: try cache.open(digest)
        case .file(let file): try VerifiedFile(reading: file.path).flatMap { $0.digest == digest ? $0 : nil }
        }
    }

    /// The inputs of an action, to be read as its step reads them.
    public func inputs(of action: Inspection.ActionView) -> any JobInputs { StoredInputs(action.resolved, cache) }
}
