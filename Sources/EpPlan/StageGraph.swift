public import EpCore

/// Which stages read which: what stands in the pipeline, and what their prompts and commands name.
public struct StageGraph: Sendable {
    /// One stage reads another.
    public struct Edge: Hashable, Sendable {
        /// How the reader names what it reads.
        public enum Kind: String, Sendable, CaseIterable {
            case from, each, inputs
            /// In a prompt, or in the arguments of a command.
            case named
        }

        public let source: StageName
        public let reader: StageName
        /// Each once, in the order of `Kind`.
        public let kinds: [Kind]
    }

    /// In the order of the pipeline.
    public let stages: [StageDefinition]
    /// What stages name beside their own keys.
    private let named: [StageName: [StageReference]]

    /// - Parameter named: what a stage names beside its own keys.
    /// - Throws: `Diagnostic` if stages feed each other in a circle.
    init(_ stages: [StageDefinition], named: (StageDefinition) throws -> [StageReference]) throws {
        self.stages = stages
        self.named = try Dictionary(stages.map { ($0.name, try named($0)) }) { first, _ in first }
        if let cycle { throw cycle }
    }

    /// Every pair of stages of which one reads the other, once; by reader in the order of the pipeline, then as it names them.
    public var edges: [Edge] {
        stages.flatMap { reader in
            let mentions = mentions(of: reader)
            var seen: Set<StageName> = []
            return mentions.map(\.stage).filter { seen.insert($0).inserted }.map { source in
                let kinds = Set(mentions.filter { $0.stage == source }.map(\.kind))
                return Edge(source: source, reader: reader.name, kinds: Edge.Kind.allCases.filter(kinds.contains))
            }
        }
    }

    private func mentions(of reader: StageDefinition) -> [(stage: StageName, kind: Edge.Kind)] {
        let each = reader.each.filter { !$0.isWritten }.map(\.list)
        let parts: [(Edge.Kind, [StageReference])] = [
            (.from, reader.from), (.each, each), (.inputs, reader.inputReferences), (.named, named[reader.name] ?? []),
        ]
        return parts.flatMap { kind, references in references.map { ($0.stage, kind) } }
    }

    private func references(of stage: StageDefinition) -> [StageReference] { stage.references + (named[stage.name] ?? []) }

    /// The stages that nothing else reads.
    var unread: [StageName] {
        let read = Set(stages.flatMap(references).map(\.stage))
        return stages.map(\.name).filter { !read.contains($0) }
    }

    /// Each after those that it reads, else in the order of the pipeline.
    var inOrder: [StageName] {
        let definitions = Dictionary(stages.map { ($0.name, $0) }) { first, _ in first }
        var (found, seen): ([StageName], Set<StageName>) = ([], [])
        for stage in stages {
            var open = [stage.name]
            while let next = open.last {
                let missing = (definitions[next].map(references) ?? []).map(\.stage).filter { definitions[$0] != nil && !seen.contains($0) }
                if missing.isEmpty || seen.contains(next) {
                    open.removeLast()
                    if seen.insert(next).inserted { found.append(next) }
                } else {
                    open += missing.reversed()
                }
            }
        }
        return found
    }

    /// A stage and all that read it, directly or through others.
    func readers(of stage: StageName) -> [StageName] {
        var readers: [StageName: [StageName]] = [:]
        for reader in stages { for reference in references(of: reader) { readers[reference.stage, default: []].append(reader.name) } }
        var found: Set<StageName> = [stage]
        var open = [stage]
        while let next = open.popLast() { open += (readers[next] ?? []).filter { found.insert($0).inserted } }
        return [stage] + stages.map(\.name).filter { $0 != stage && found.contains($0) }
    }

    /// Walks the references with a list of its own: the call stack would end before a long chain of stages does.
    private var cycle: Diagnostic? {
        let definitions = Dictionary(stages.map { ($0.name, $0) }) { first, _ in first }
        var finished: Set<StageName> = []
        for start in stages {
            var path: [(stage: StageName, rest: ArraySlice<StageReference>)] = []
            var places: [StageName: Int] = [:]
            func enter(_ stage: StageName) {
                places[stage] = path.count
                path.append((stage, (definitions[stage].map(references) ?? [])[...]))
            }
            if !finished.contains(start.name) { enter(start.name) }
            while let last = path.indices.last {
                guard let reference = path[last].rest.popFirst() else {
                    finished.insert(path[last].stage)
                    places[path.removeLast().stage] = nil
                    continue
                }
                if let first = places[reference.stage] { return circle(path[first...].map(\.stage), at: reference.location) }
                if !finished.contains(reference.stage) { enter(reference.stage) }
            }
        }
        return nil
    }

    private func circle(_ path: [StageName], at location: SourceLocation) -> Diagnostic {
        let names = path.map(\.text)
        let loop = (names + names.prefix(1)).joined(separator: " → ")
        return Diagnostic(.badInput, "stages feed each other in a circle: \(loop)", at: location, remedy: "remove one of these references")
    }
}
