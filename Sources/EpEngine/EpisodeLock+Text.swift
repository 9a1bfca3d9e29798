import EpCore
import EpPlan
import EpText

/// The file's text: one entry a line, sorted, so that two machines' changes merge.
extension EpisodeLock {
    public var text: String {
        var text = "# Written by epbuild; commit it with the episode.\nversion: 1\n"
        func section(_ name: String, _ entries: [(key: String, value: String)]) {
            guard !entries.isEmpty else { return }
            text += "\(name):\n" + entries.sorted { Path($0.key) < Path($1.key) }.map { "  \($0.key): \($0.value)\n" }.joined()
        }
        section("takes", takes.map { ($0.key, "[\($0.value.take), \($0.value.latest), \(Value.string($0.value.note).json())]") })
        section("files", files.map { (Value.string($0.key.text).json(), "[\($0.value.joined(separator: ", "))]") })
        section("items", items.map { (Value.string($0.key.text).json(), Value.list($0.value.parts).json()) })
        section("gates", gates.map { (Value.string($0.key.text).json(), $0.value.value.json()) })
        section("pins", pins.map { (Value.string($0.key.description).json(), $0.value.value.json()) })
        return text
    }

    /// - Parameter file: how the file is shown in messages.
    public init(parsing bytes: [UInt8], file: String) throws {
        if let line = ConflictMarks.find(in: bytes) {
            throw Diagnostic(
                .badInput, "a merge left a conflict in the lock", at: SourceLocation(file: file, line: line, column: 1),
                remedy: "keep the lines of both sides and remove the marks; of two lines with one key keep either")
        }
        var fields = try Fields(Node(parsing: bytes, file: file), subject: "the lock")
        let version = fields.int("version", in: 1...1)
        _ = fields.required("version", version)
        func each(_ name: String, _ expected: String, _ remedy: String, _ read: (Node.Member) -> Bool) {
            guard case .object(let members) = fields.node(name)?.content else { return }
            for member in members where !read(member) {
                fields.report(Diagnostic(.badInput, "an entry of `\(name)` must be \(expected)", at: member.value.location, remedy: "remove the line: \(remedy)"))
            }
        }
        var lock = EpisodeLock()
        each("takes", "`[take in use, latest take, target]`", "the first take is used again") { member in
            lock.takes[member.key] = Self.takes(member.value)
            return lock.takes[member.key] != nil
        }
        each("files", "a list of SHA-256 digests", "the file counts as edited by hand then") { member in
            let file = Path(member.key)
            lock.files[file] = member.value.value.list?.compactMap(\.string) ?? [member.value.value.string].compactMap { $0 }
            return lock.files[file]?.isEmpty == false
        }
        each("items", "`STAGE/FILE: [element, before, after]`", "the file counts as one of no item then") { member in
            guard RelativePath.isClean(member.key), Path(member.key).parts.count == 2 else { return false }
            let place = (member.value.value.list?.compactMap(\.string)).flatMap(ItemPlace.init(parts:))
            lock.items[Path(member.key)] = place
            return place != nil
        }
        each("gates", "a decision: `{decision: …, by: …, at: …}`", "the gate is open again then") { member in
            guard let key = GateKey(parsing: member.key) else { return false }
            lock.gates[key] = GateRecord(member.value.value)
            return lock.gates[key] != nil
        }
        each("pins", "a pinned result", "it is not pinned then") { member in
            let target = Target(parsing: member.key)
            lock.pins[target] = Pin(item: target.item, member.value.value)
            return lock.pins[target] != nil
        }
        try fields.finish()
        self = lock
    }

    private static func takes(_ node: Node) -> TakeEntry? {
        guard case .list(let parts) = node.content, parts.count >= 2,
            case .int(let take) = parts[0].value, case .int(let latest) = parts[1].value,
            (1...10_000).contains(take), (take...10_000).contains(latest)
        else { return nil }
        return TakeEntry(take: Take(Int(take)), latest: Take(Int(latest)), note: parts.count > 2 ? parts[2].value.string ?? "" : "")
    }
}

extension ItemPlace {
    fileprivate var parts: [Value] { [.string(element), .string(before), .string(after)] }

    fileprivate init?(parts: [String]) {
        guard parts.count == 3 else { return nil }
        self.init(element: parts[0], before: parts[1], after: parts[2])
    }
}

extension Pin {
    fileprivate var value: Value {
        let files = files.map { Value.list([.string($0.name), .string($0.action.description), .string($0.path)]) }
        return ["place": .list(place.parts), "files": .list(files)]
    }

    fileprivate init?(item: String?, _ value: Value) {
        guard let place = (value["place"]?.list?.compactMap(\.string)).flatMap(ItemPlace.init(parts:)), let files = value["files"]?.list else { return nil }
        let read = files.compactMap { file -> File? in
            guard let parts = file.list?.compactMap(\.string), parts.count == 3, let action = Digest(parsing: parts[1]),
                RelativePath.isClean(parts[0]), RelativePath.isClean(parts[2])
            else { return nil }
            return File(name: parts[0], action: ActionDigest(action), path: parts[2])
        }
        guard !read.isEmpty, read.count == files.count else { return nil }
        self.init(item: item, place: place, files: read)
    }
}
