import EpCore

/// The lists that stages fan out over, each read once.
extension Planner {
    /// A list, by where it comes from and by the items that hold it.
    struct ListKey: Hashable {
        let dimension: Dimension
        let numbers: [Int?]
    }

    /// The elements of a dimension, as they lie at a position.
    /// - Returns: nil if what holds them is not known yet.
    func elements(of dimension: Dimension, at position: Position, for stage: StageDefinition) throws -> [Element]? {
        if dimension.isWritten { return try written(dimension, place(of: dimension, for: stage)) }
        guard let holder = definition(of: StageName(dimension.root)) else { return nil }
        if dimension.path.isEmpty { return try items(of: holder) }
        let key = ListKey(dimension: dimension, numbers: Selection(of: holder, agreeingWith: position).numbers)
        if let known = lists[key] { return known }
        guard let found = try list(dimension, in: holder, at: position, place(of: dimension, for: stage)) else { return nil }
        lists[key] = found
        return found
    }

    /// The files of a stage that is files; what a stage hands on that does not fan out.
    private func items(of holder: StageDefinition) throws -> [Element]? {
        // Items that are approved one by one are held back one by one.
        guard let found = try holder.gate?.isPerItem == true ? known(holder.name) : artifacts(of: holder.name) else { return nil }
        if found.isFanOut { return found.items.compactMap(\.element) }
        return [Element(number: 1, value: .object([]), files: found.files)]
    }

    private func list(
        _ dimension: Dimension, in holder: StageDefinition, at position: Position, _ place: SourceLocation
    ) throws -> [Element]? {
        guard let found = try artifacts(of: holder.name, at: position) else { return nil }
        // Nothing lies in what is left out, or need not be there.
        if found.items.isEmpty, holder.fansOut || holder.isOptional { return [] }
        if dimension.path == ["files"], let item = found.items.first, found.items.count == 1,
            item.files.contains(where: { $0.directory != nil })
        {
            return Self.filesInDirectories(of: item)
        }
        guard let item = found.items.first, let file = found.files.first, found.files.count == 1 else {
            throw Diagnostic(
                .badInput, "`\(dimension)` is read from one file, but \"\(holder.name)\" has \(found.files.count)",
                at: place, remedy: "write `each: \(holder.name)` to fan out over its files")
        }
        let each = StageReference(stage: holder.name, path: dimension.path, location: place)
        if Elements.format(file.name) == .fountain { return try lines(of: file, each, item: item.item) }
        guard let bytes = try bytes(of: file) else { return nil }
        return try Elements.select(
            dimension.path, from: bytes, named: file.name, shown: shown(file, of: holder.name, item: item.item), at: place)
    }

    /// What a program has left in its output directories, named as it lies there.
    private static func filesInDirectories(of item: ItemArtifacts) -> [Element] {
        let files = item.files.filter { $0.directory != nil }
        return files.enumerated().map { index, file in
            let name = item.isDirectory ? file.pathInDirectory ?? file.name : file.name
            let plain = ArtifactRef(name: lastComponent(file.name), source: file.source)
            return Element(number: index + 1, name: Int(name) == nil ? name : nil, value: ["name": .string(name)], files: [plain])
        }
    }

    /// Where a person has named the list: for this stage, else for another.
    private func place(of dimension: Dimension, for stage: StageDefinition) -> SourceLocation {
        let all = ([stage] + stages).lazy.flatMap(\.each)
        return all.first { $0.list.stage.text == dimension.root && $0.list.path == dimension.path }?.list.location ?? stage.location
    }

    /// A list of the show, as the episode sees it, or of the episode.
    private func written(_ dimension: Dimension, _ place: SourceLocation) throws -> [Element] {
        let key = ListKey(dimension: dimension, numbers: [])
        if let known = lists[key] { return known }
        let (value, nodes) =
            dimension.root == "episode"
            ? (episode.value, [episode.node]) : (episode.blueprint, [episode.node["overrides"], show.node].compactMap(\.self))
        var found = value
        for (depth, name) in dimension.path.enumerated() {
            guard let next = found[name] else {
                let walked = ([dimension.root] + dimension.path.prefix(depth + 1)).joined(separator: ".")
                throw Diagnostic(
                    .badInput, "`\(walked)` is not defined", at: place,
                    remedy: Suggestion.remedy(for: name, in: found.members?.map(\.key) ?? []))
            }
            found = next
        }
        let node = nodes.lazy.compactMap { dimension.path.reduce($0 as Node?) { $0?[$1] } }.first
        guard let values = found.list else {
            throw Diagnostic(
                .badInput, "`\(dimension)` is no list, so nothing can be made for each of it", at: node?.location ?? place,
                remedy: "write it as a list: `\(dimension.path.last ?? ""): [ … ]`")
        }
        var places: [SourceLocation] = []
        if case .list(let members) = node?.content, members.count == values.count { places = members.map(\.location) }
        let names = Self.names(of: values)
        let elements = values.indices.map {
            Element(number: $0 + 1, name: names[$0], value: values[$0], location: places.isEmpty ? node?.location : places[$0])
        }
        lists[key] = elements
        return elements
    }

    /// What the elements of a written list are called: by themselves, or by their `id` or `name`, where that tells them apart and can be a
    /// part of a path.
    private static func names(of values: [Value]) -> [String?] {
        let names = values.map { value -> String? in
            let name = value.letters ?? value["id"]?.letters ?? value["name"]?.letters
            guard let name, Int(name) == nil, name.utf8.count <= 60, RelativePath.isClean(name), !name.contains("/"),
                !name.contains(where: \.isWhitespace)
            else { return nil }
            return name
        }
        let counts = Dictionary(names.compactMap { $0?.lowercased() }.map { ($0, 1) }, uniquingKeysWith: +)
        return names.map { name in name.flatMap { counts[$0.lowercased()] == 1 ? $0 : nil } }
    }
}
