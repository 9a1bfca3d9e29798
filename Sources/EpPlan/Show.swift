public import EpCore

/// The blueprint: what every episode of a show has in common.
public struct Show: Sendable {
    /// Absolute path of its directory.
    public let directory: String
    /// Absolute path of the directory in which its stages stand, and what they name: its own, unless it takes over a pipeline.
    public let pipelineDirectory: String
    public let node: Node
    public let value: Value

    /// - Throws: `DiagnosticList`, with all mistakes in what epbuild itself reads.
    public init(directory: String, pipelineDirectory: String? = nil, _ node: Node) throws {
        guard case .object = node.content else {
            throw Diagnostic(
                .badInput, "a show must be a mapping (`title: …`), not \(node.kind)", at: node.location, remedy: node.colonRemedy)
        }
        try Blueprint.check(node)
        self.directory = directory
        self.pipelineDirectory = pipelineDirectory ?? directory
        self.node = node
        value = Blueprint.forPrompts(node.value(texts: Blueprint.texts))
    }
}

/// An episode: its own facts, and the blueprint as it sees it.
public struct Episode: Sendable {
    /// Absolute path of its directory.
    public let directory: String
    /// The last component of its path: the name of its files in `out/`.
    public let name: String
    public let node: Node
    /// `episode.yaml` without its overrides.
    public let value: Value
    /// The blueprint with the episode's `overrides:` laid over it.
    public let blueprint: Value

    public init(directory: String, _ node: Node, show: Show) throws {
        guard case .object = node.content else {
            throw Diagnostic(
                .badInput, "an episode must be a mapping (`title: …`), not \(node.kind)", at: node.location, remedy: node.colonRemedy)
        }
        try Self.check(node)
        let overrides = node["overrides"]
        if let overrides, overrides.value.members == nil {
            throw Diagnostic(.badInput, "`overrides` must be a mapping of blueprint fields, not \(overrides.kind)", at: overrides.location)
        }
        if let overrides { try Blueprint.check(overrides) }
        self.directory = directory
        name = Path(directory).parts.last ?? "episode"
        self.node = node
        value = .object(node.value(texts: Self.texts).members?.filter { $0.key != "overrides" } ?? [])
        blueprint = overrides.map { show.value.overlaid(with: Blueprint.forPrompts($0.value(texts: Blueprint.texts))) } ?? show.value
    }
}

extension Episode {
    /// Fields that documents show. A number in them stands as it is written.
    static let texts = ["title", "topic", "summary", "id", "disclosure"]
    /// All that epbuild itself reads.
    static let keys = texts + ["number", "season", "date", "keywords", "learning_points", "explicit", "publish", "overrides", "sounds"]

    /// The fields that epbuild itself reads have types; any other field is for prompts to name.
    private static func check(_ node: Node) throws {
        var fields = try Fields(node, subject: "the episode")
        if let problem = node["title"]?.blankTitle(of: "the episode") { fields.report(problem) } else { _ = fields.string("title") }
        for key in texts.dropFirst() { _ = fields.string(key) }
        _ = (
            fields.strings("keywords"), fields.int("number", in: 0...1_000_000), fields.int("season", in: 0...10_000),
            fields.bool("publish"), fields.bool("explicit")
        )
        if let date = fields.string("date"), !isDate(date) {
            fields.report(
                Diagnostic(
                    .badInput, "`date` of the episode must be a day of the calendar such as 2026-11-21, not \"\(date)\"",
                    at: node["date"]?.location))
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    /// `YYYY-MM-DD`, with a time behind it or not.
    private static func isDate(_ text: String) -> Bool {
        let time = /[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?/
        guard text.dropFirst(10).isEmpty || text.dropFirst(10).wholeMatch(of: time) != nil,
            let parts = text.prefix(10).wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/)?.output,
            let year = Int(parts.1), let month = Int(parts.2), let day = Int(parts.3), year > 0, (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }
}

extension Value {
    /// Mappings are merged key by key; anything else is replaced.
    func overlaid(with other: Value) -> Value {
        guard let members, let others = other.members else { return other }
        var merged = members.map { member in
            Member(member.key, other[member.key].map { member.value.overlaid(with: $0) } ?? member.value)
        }
        merged += others.filter { self[$0.key] == nil }
        return .object(merged)
    }
}
