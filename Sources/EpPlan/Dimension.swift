public import EpCore

/// One of the lists that a stage fans out over, known by where it comes from: `show.languages`, `script.scenes`, `texts`.
///
/// Whatever stages call it, it is one dimension for all of them: items agree if they stand at the same elements of those that both have.
public struct Dimension: Hashable, Sendable, CustomStringConvertible {
    /// `show`, `episode`, or the stage in whose artifacts the list stands.
    public let root: String
    /// Empty for the items of a stage that is files, or that does not fan out.
    public let path: [String]

    /// True for a list that a person wrote down for the show or the episode.
    public var isWritten: Bool { Each.writtenRoots.contains(root) }
    public var description: String { ([root] + path).joined(separator: ".") }
}

/// What `each:` names: a list, and what templates call its elements.
public struct Each: Sendable {
    static let writtenRoots = ["show", "episode"]

    /// Nil if they are only `item`.
    public let name: String?
    /// The stage in it is `show` or `episode` for a list that stands there.
    public let list: StageReference

    public var isWritten: Bool { Self.writtenRoots.contains(list.stage.text) }
    /// The stage whose items are gone through, one by one; nil for a list.
    public var stage: StageName? { isWritten || !list.path.isEmpty ? nil : list.stage }

    /// Reads `STAGE`, `STAGE.list`, `show.list`, or a mapping from names to those.
    static func read(_ node: Node?, _ fields: inout Fields) -> [Each] {
        guard let node else { return [] }
        switch node.content {
        case .scalar(let text, _) where !text.isEmpty: return [Each(name: nil, list: StageReference(parsing: text, at: node.location))]
        case .object(let members) where !members.isEmpty:
            return members.compactMap { member in
                guard case .scalar(let text, _) = member.value.content, !text.isEmpty else {
                    fields.report(
                        Diagnostic(
                            .badInput,
                            "`\(member.key)` in `each` of \(fields.subject) must name a list or a stage, not \(member.value.kind)",
                            at: member.value.location,
                            remedy: "write `\(member.key): STAGE.list`, `show.list` or `episode.list`"))
                    return nil
                }
                if !StageDefinition.isName(member.key) {
                    fields.report(
                        Diagnostic(
                            .badInput, "elements cannot be called \"\(member.key)\"", at: member.keyLocation,
                            remedy:
                                "use letters, digits, `_` and `-`, beginning with a letter, and none of "
                                    + "\(StageDefinition.reserved.joined(separator: ", "))"
                        ))
                }
                return Each(name: member.key, list: StageReference(parsing: text, at: member.value.location))
            }
        default:
            fields.report(Diagnostic(
                .badInput, "`each` of \(fields.subject) must name a list or a stage, not \(node.kind)", at: node.location,
                remedy: "write `each: STAGE.list`, or `each: { NAME: STAGE.list, OTHER: show.list }` for every pair of theirs"))
            return []
        }
    }
}

/// What templates call an element in one of a stage's dimensions.
public struct ElementName: Sendable, Hashable {
    public let name: String
    /// Which of the stage's dimensions it is in.
    public let dimension: Int
    /// The stage whose item it is; nil for an element of a list.
    public let stage: StageName?
}

/// The dimensions of all stages of a pipeline, and the names of their elements.
struct Dimensions {
    private let stages: [StageName: StageDefinition]
    private typealias Found = (dimensions: [Dimension], names: [ElementName], repeated: [Each])
    private var known: [StageName: Found] = [:]

    init(_ stages: [StageDefinition]) {
        self.stages = Dictionary(stages.map { ($0.name, $0) }) { first, _ in first }
    }

    /// - Returns: those of each stage, in order. Of stages that feed each other in a circle, something.
    static func all(of stages: [StageDefinition]) -> [StageDefinition] {
        var table = Dimensions(stages)
        return stages.map { stage in
            var stage = stage
            (stage.dimensions, stage.elementNames, stage.repeatedEach) = table.of(stage.name)
            let own = Set(stage.localNames)
            stage.inputReferences.removeAll { own.contains($0.stage.text) }
            return stage
        }
    }

    /// Stages that fan out over each other may make a long chain: the far end comes first.
    private mutating func of(_ name: StageName) -> Found {
        var open = [name]
        var entered: Set<StageName> = []
        while let next = open.last {
            entered.insert(next)
            let missing =
                stages[next].map { $0.each.compactMap { $0.isWritten ? nil : $0.list.stage } }?.filter {
                    known[$0] == nil && !entered.contains($0) && stages[$0] != nil
                } ?? []
            if missing.isEmpty {
                if known[next] == nil { known[next] = stages[next].map(made) ?? ([], [], []) }
                open.removeLast()
            } else {
                open += missing
            }
        }
        return known[name] ?? ([], [], [])
    }

    private func made(_ stage: StageDefinition) -> Found {
        if stage.isPattern { return ([Dimension(root: stage.name.text, path: [])], [], []) }
        var dimensions: [Dimension] = []
        var names: [ElementName] = []
        var repeated: [Each] = []
        func index(_ dimension: Dimension) -> Int {
            if let known = dimensions.firstIndex(of: dimension) { return known }
            dimensions.append(dimension)
            return dimensions.count - 1
        }
        for each in stage.each {
            let before = dimensions.count
            let list = Dimension(root: each.list.stage.text, path: each.list.path)
            let upstream = each.isWritten ? nil : known[each.list.stage]
            let places = (upstream?.dimensions ?? []).map(index)
            names += (upstream?.names ?? []).map { ElementName(name: $0.name, dimension: places[$0.dimension], stage: $0.stage) }
            let isItems = each.stage != nil && !places.isEmpty
            let place = isItems ? places[places.count - 1] : index(list)
            if let name = each.name { names.insert(ElementName(name: name, dimension: place, stage: isItems ? each.stage : nil), at: 0) }
            if dimensions.count == before { repeated.append(each) }
        }
        var seen: Set<String> = []
        return (dimensions, names.filter { seen.insert($0.name).inserted }, repeated)
    }
}
