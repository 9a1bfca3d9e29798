import EpCache
public import EpCore
import EpFiles
import EpPlan

extension Inspection {
    /// One item of a stage that fans out, with what it was made for.
    public struct ItemView {
        public let target: Target
        public let element: Value
        /// Where a person finds the element; nil if it stands in no file.
        public let place: SourceLocation?
        /// True if a person has left it out.
        public let isSkipped: Bool
    }

    /// The items of all stages that fan out, as far as they are known: stage by stage, in order.
    public var items: [ItemView] {
        stages.filter(\.definition.fansOut).flatMap { stage in
            pass.planner.items(of: stage.definition.name).compactMap { item in
                item.element.map {
                    ItemView(
                        target: Target(stage: stage.definition.name, item: item.item), element: $0.value, place: $0.location,
                        isSkipped: item.isSkipped)
                }
            }
        }
    }

    /// Artifacts of one name, with the items that have them; those whose bytes are not known yet are left out.
    /// - Parameter name: a file's name, such as `timeline.json`.
    func artifacts(named name: String) -> [(target: Target, file: ArtifactRef)] {
        stages.flatMap { stage in
            pass.planner.items(of: stage.definition.name).flatMap { item in
                item.files.filter { $0.name == name }.map { (Target(stage: stage.definition.name, item: item.item), $0) }
            }
        }
    }

    /// The files of a target's items, with their results where they have been made.
    func files(of target: Target) -> [(target: Target, file: ArtifactRef)] {
        pass.planner.items(of: target.stage).flatMap { item in
            let own = Target(stage: target.stage, item: item.item)
            return target.covers(own) ? item.files.map { (own, $0) } : []
        }
    }

    /// The digest of an artifact; nil if it is not made.
    func digest(of file: ArtifactRef) -> Digest? {
        switch file.source {
        case .file(let file): file.digest
        case .literal(let bytes): Digest(of: bytes)
        case .output(let step, let path): pass.results[step.index]?[path]
        }
    }
}

extension Builder {
    /// The bytes of all artifacts of one name, with the items that have them.
    /// - Throws: `Diagnostic` if the cache cannot be read.
    public func artifacts(named name: String, in inspection: Inspection) throws -> [(target: Target, bytes: [UInt8])] {
        try inspection.artifacts(named: name).compactMap { target, file in
            if case .literal(let bytes) = file.source { return (target, bytes) }
            guard case .output = file.source, let digest = inspection.digest(of: file), let bytes = try cache.bytes(digest) else {
                return nil
            }
            return (target, bytes)
        }
    }
}

extension Builder {
    /// A file that a target has made.
    public struct MadeFile: Sendable {
        enum Source { case own(path: String), blob(Digest) }

        public let target: Target
        /// As its stage names it, such as `line.wav`.
        public let name: String
        let source: Source
    }

    /// What a target's items have made, in their order.
    /// - Parameter take: which rendition; nil: the one in use.
    /// - Throws: `Diagnostic` (usage) if there is no such stage, item or take here.
    public func files(of target: Target, take: Take?, in inspection: Inspection) throws -> [MadeFile] {
        _ = try inspection.view(of: target)
        guard let take else { return try filesInUse(of: target, in: inspection) }
        return try takes(of: target, in: inspection).flatMap { action -> [MadeFile] in
            guard let view = action.takes.first(where: { $0.take == take }) else {
                throw Diagnostic(.usage, "\(action.name) has no take \(take)", remedy: "its takes are 1 to \(action.takes.count)")
            }
            guard let result = view.result else {
                throw Diagnostic(
                    .usage, "take \(take) of \(action.name) is not in the local cache", remedy: "`epbuild use` and a build bring it back")
            }
            return result.outputs.map { MadeFile(target: action.target, name: $0.path, source: .blob($0.digest)) }
        }
    }

    /// Writes a copy of a file, in place of what is there.
    /// - Throws: `Diagnostic` if it is damaged, gone, or cannot be written.
    public func copy(_ file: MadeFile, to path: String) throws {
        switch file.source {
        case .own(let own):
            guard let bytes = try Files.read(own) else { throw Diagnostic(.badInput, "\(own) is gone", remedy: "put it back") }
            try Files.replace(path, with: bytes)
        case .blob(let digest):
            guard try cache.copyOut(digest, to: path) else {
                throw Diagnostic(.damagedCache, "\(file.name) is damaged, and was set aside", remedy: "build again: it is made anew")
            }
        }
    }

    private func filesInUse(of target: Target, in inspection: Inspection) throws -> [MadeFile] {
        let files = inspection.files(of: target)
        guard !files.isEmpty else {
            throw Diagnostic(.usage, "\(target) is not made yet", remedy: "build it first; `epbuild status` tells what there is")
        }
        return try files.map { target, file in
            if case .file(let own) = file.source { return MadeFile(target: target, name: file.name, source: .own(path: own.path)) }
            guard case .output = file.source, let digest = inspection.digest(of: file) else {
                throw Diagnostic(
                    .usage, "\(target) is not made as it stands now", remedy: "build it first; `--take N` plays what was made before")
            }
            return MadeFile(target: target, name: file.name, source: .blob(digest))
        }
    }
}
