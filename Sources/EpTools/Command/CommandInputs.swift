import EpCore
import EpPlan

/// The `inputs:` of a command: label → `item`, `item.field`, a stage, one of its outputs, a value inside its artifact, `./file`, or the
/// paths of others.
struct CommandInputs {
    private let stage: StageContext

    struct Found {
        var files: [Step.Input] = []
        /// Directories of stages that have no items: a program that goes through them finds them empty, not missing.
        var emptyDirectories: [String] = []

        /// - Throws: `Diagnostic` if an output would have to lie in an input that is a file, or be a file where inputs lie.
        func checkRoom(for outputs: [String], at location: SourceLocation?) throws(Diagnostic) {
            // As in most cases, nothing lies in anything.
            let isFlat = { (path: String) in !path.utf8.contains(UInt8(ascii: "/")) }
            if emptyDirectories.isEmpty, outputs.allSatisfy(isFlat), files.allSatisfy({ isFlat($0.label) }) { return }
            for output in outputs {
                let (bare, isDirectory) = (OutputPath.bare(output), OutputPath.isDirectory(output))
                let above = Path(bare).directories + (isDirectory ? [Path(bare)] : [])
                let file = above.isEmpty ? nil : files.first { above.contains(Path($0.label)) }
                let isAbove = { (place: String) in !isDirectory && Path(place).below(bare) != nil }
                let taken = files.lazy.map(\.label).first(where: isAbove) ?? emptyDirectories.lazy.map { "\($0)/" }.first(where: isAbove)
                guard let input = file?.label ?? taken else { continue }
                throw Diagnostic(
                    .badInput,
                    file == nil ? "the output \(output) is a directory among the inputs: \(input) lies in it"
                        : "the input \(input) is a file, so the output \(output) cannot lie in it",
                    at: location, remedy: "give one of them another name")
            }
        }
    }

    init(_ stage: StageContext) { self.stage = stage }

    /// - Returns: nil if an input is not known yet.
    func read(_ node: Node?) throws -> Found? {
        guard let node else { return Found() }
        guard case .object(let members) = node.content else {
            throw Diagnostic(
                .badInput, "`inputs` must be a mapping from file names to what they hold, not \(node.kind)", at: node.location,
                remedy: "write `inputs: { in.txt: item }`")
        }
        var found = Found()
        var isComplete = true
        for member in members where member.value["paths"] == nil {
            guard RelativePath.isClean(member.key) else {
                throw Diagnostic(.badInput, "\"\(member.key)\" is no path below the working directory", at: member.keyLocation)
            }
            guard let files = try files(of: member) else {
                isComplete = false
                continue
            }
            found.files += files
            if files.isEmpty { found.emptyDirectories.append(member.key) }
        }
        guard isComplete else { return nil }
        // A single file cannot be in the way of another.
        if members.count == 1, found.files.count == 1, found.emptyDirectories.isEmpty { return found }
        let others = found
        for member in members where member.value["paths"] != nil {
            found.files.append(try CommandPaths(member).input(among: others.files, others.emptyDirectories))
        }
        let labels = found.files.map(\.label) + found.emptyDirectories
        found.emptyDirectories.removeAll { label in labels.contains { Path($0).below(label) != nil } }
        try check(found.files.map(\.label) + found.emptyDirectories, at: node.location)
        return found
    }

    /// - Throws: `Diagnostic` if two inputs would stand at one place in the working directory.
    private func check(_ places: [String], at location: SourceLocation) throws(Diagnostic) {
        var labels: Set<Path> = []
        for label in places where !labels.insert(Path(label)).inserted {
            throw Diagnostic(.badInput, "two inputs would both be \(label)", at: location, remedy: "give one of them another name")
        }
        for label in places {
            for above in Path(label).directories where labels.contains(above) {
                throw Diagnostic(
                    .badInput, "the input \(above) is a file, so \(label) cannot stand below it", at: location,
                    remedy: "give one of them another name")
            }
        }
    }

    private func files(of member: Node.Member) throws -> [Step.Input]? {
        switch member.value.content {
        case .scalar(let reference, _): return try input(member.key, reference, at: member.value.location)
        case .object: return try named(member)
        default:
            throw Diagnostic(
                .badInput, "an input must be `item`, a stage, `{ of: STAGE, … }`, `{ paths: LABEL }` or `./file`, not \(member.value.kind)",
                at: member.value.location)
        }
    }

    /// `{ of: STAGE, names: true }`: a directory in which files have the names of their items, which so become a part of what the command
    /// reads;
    /// with a field in the place of `true`, those that stand in their elements. `output: NAME`: of several outputs, that one alone.
    /// - Returns: nil if it is not known yet.
    private func named(_ member: Node.Member) throws -> [Step.Input]? {
        var fields = try Fields(member.value, subject: "the input \"\(member.key)\"")
        let reference = fields.required("of", fields.string("of"))
        let names = fields.node("names")
        let (output, place) = (fields.string("output"), fields.node("output")?.location ?? member.value.location)
        try fields.finish()
        guard let reference, let artifacts = try stage.artifacts(of: StageReference(parsing: reference, at: member.value.location).stage)
        else { return nil }
        let items =
            try output.map { output in try artifacts.items.map { try Self.only(output, of: $0, reference, at: place) } } ?? artifacts.items
        guard let names, names.value.bool != false else {
            return artifacts.isFanOut || output == nil
                ? Self.numbered(items, below: member.key) : items.flatMap { Self.placed($0.files, at: member.key) }
        }
        return try items.flatMap { item in
            let name = try name(of: item, names)
            guard item.files.count == 1, !item.isDirectory, let file = item.files.first else {
                return Self.placed(item.files, at: "\(member.key)/\(name)")
            }
            // Files of a person's have their endings already.
            let hasEnding = file.fileExtension.isEmpty || name.hasSuffix(".\(file.fileExtension)")
            return [Step.Input("\(member.key)/\(hasEnding ? name : "\(name).\(file.fileExtension)")", file.source)]
        }
    }

    /// One of the outputs of an item: a file, or all of a directory.
    private static func only(
        _ output: String, of item: ItemArtifacts, _ stage: String, at location: SourceLocation
    ) throws(Diagnostic) -> ItemArtifacts {
        let bare = OutputPath.bare(output)
        let files = item.files.filter { $0.directory.map(bare.isByteForByte) ?? output.isByteForByte($0.name) }
        guard files.isEmpty else {
            return ItemArtifacts(item: item.item, element: item.element, outer: item.outer, files: files, isSkipped: item.isSkipped)
        }
        var known: [String] = []
        for file in item.files.map({ file in file.directory.map { "\($0)/" } ?? file.name }) where !known.contains(file) {
            known.append(file)
        }
        throw Diagnostic(.badInput, "\(stage) has no output \"\(output)\"", at: location, remedy: Suggestion.remedy(for: output, in: known))
    }

    /// Files at a label: a single one there itself, several and those of a directory below it.
    private static func placed(_ files: [ArtifactRef], at label: String) -> [Step.Input] {
        if files.count == 1, files[0].directory == nil { return [Step.Input(label, files[0].source)] }
        let isDirectory = files.isOneDirectory
        return files.map { Step.Input("\(label)/\(isDirectory ? $0.pathInDirectory ?? $0.name : $0.name)", $0.source) }
    }

    /// - Parameter names: `true`, or a field of the element.
    private func name(of item: ItemArtifacts, _ names: Node) throws(Diagnostic) -> String {
        if names.value.bool == true { return item.item ?? item.files.first?.name ?? "" }
        guard let field = names.value.string else {
            throw Diagnostic(.badInput, "`names` must be true, or a field of the items, not \(names.kind)", at: names.location)
        }
        guard let name = item.element?.subject[field]?.letters, RelativePath.isClean(name) else {
            throw Diagnostic(
                .badInput, "\(item.item ?? "the item") has no `\(field)` that can be the name of a file", at: names.location,
                remedy: "name a field that every item has, or write `names: true`")
        }
        return name
    }

    private func input(_ label: String, _ reference: String, at location: SourceLocation) throws -> [Step.Input]? {
        if reference.hasPrefix("./") {
            return [Step.Input(label, .file(try stage.showFile(String(reference.dropFirst(2)), at: location)))]
        }
        let path = StageReference(parsing: reference, at: location)
        if path.stage.text == "item" { return try item(label, path) }
        if stage.hasElement(called: path.stage.text) {
            guard path.path.isEmpty else { return try value(label, reference, at: location) }
            return try stage.element(called: path.stage.text).map { Self.whole($0, label) }
        }
        if ["previous", "earlier"].contains(path.stage.text), stage.element != nil {
            guard path.path.isEmpty else { return try value(label, reference, at: location) }
            return try stage.before(all: path.stage.text == "earlier").map { Self.numbered($0, below: label) }
        }
        guard let artifacts = try stage.artifacts(of: path.stage) else { return nil }
        if !path.path.isEmpty { return try value(label, reference, at: location) }
        if !artifacts.isFanOut, artifacts.files.count == 1 || artifacts.files.isOneDirectory {
            return Self.placed(artifacts.files, at: label)
        }
        return Self.numbered(artifacts.items, below: label)
    }

    private func item(_ label: String, _ reference: StageReference) throws -> [Step.Input]? {
        guard let element = stage.element else {
            throw Diagnostic(.badInput, "there is no `item`: the stage does not fan out", at: reference.location, remedy: "add `each:`")
        }
        guard reference.path.isEmpty else {
            return try value(label, "item." + reference.path.joined(separator: "."), at: reference.location)
        }
        return Self.whole(element, label)
    }

    private static func whole(_ element: Element, _ label: String) -> [Step.Input] {
        if !element.files.isEmpty { return placed(element.files, at: label) }
        // A plain line is its own text; anything else is read as JSON.
        if let text = element.value["text"]?.string, element.value.members?.count == 1 { return [Step.Input(label, text: text)] }
        return [Step.Input(label, text: element.value.letters ?? element.value.json())]
    }

    private func value(_ label: String, _ reference: String, at location: SourceLocation) throws -> [Step.Input]? {
        let template = try Template(parsing: Array("{{ \(reference) }}".utf8), file: location.file, at: location)
        return try stage.scope(for: template).map { [Step.Input(label, text: try template.render($0))] }
    }

    /// All files of a fan-out stage in their order, as `000001.txt` and so on.
    private static func numbered(_ items: [ItemArtifacts], below label: String) -> [Step.Input] {
        items.enumerated().flatMap { index, item in
            let digits = String(index + 1)
            let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
            guard item.files.count == 1, !item.isDirectory, let file = item.files.first else {
                return placed(item.files, at: "\(label)/\(number)")
            }
            return [Step.Input("\(label)/\(number)\(file.fileExtension.isEmpty ? "" : ".\(file.fileExtension)")", file.source)]
        }
    }
}
