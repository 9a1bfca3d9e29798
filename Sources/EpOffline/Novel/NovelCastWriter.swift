import EpCore

/// `# Characters` and `# Locations`: who and what a novel has, from an author's lists, in full.
struct NovelCastWriter {
    static let revision = "1"

    private let list: Value
    private let key: String

    init(_ prompt: Prompt) throws(Diagnostic) {
        let isPeople = prompt.document == .characters
        key = isPeople ? "characters" : "locations"
        let section = isPeople ? "Cast" : "Places"
        list = try prompt.yaml(section)
        if isPeople { _ = try NovelPerson.all(list, named: section) } else { _ = try NovelPlace.all(list, named: section) }
    }

    func document() -> Value {
        let all = (list.list ?? []).map { entry -> Value in
            guard key == "characters", entry["name"] == nil, let called = entry["called"].text else { return entry }
            let last = entry["last"].text ?? ""
            let name = last.isEmpty || last == called ? called : "\(called) \(last)"
            return .object(
                [.init("id", entry["id"] ?? .null), .init("name", .string(name))] + (entry.members ?? []).filter { $0.key != "id" })
        }
        return .object([.init(key, .list(all)), .init("made_by", .string(OfflineWriter.madeBy))])
    }
}
