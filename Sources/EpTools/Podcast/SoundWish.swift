import EpCore
import EpPlan

/// What a show or an episode says of one of its sounds: which file it is, which stretch of it is heard, how loud, and how it fades.
///
/// An entry of `sounds: { music: […], effects: […] }`. What else stands there is for prompts.
struct SoundWish {
    /// Those that the mix reads.
    private static let keys = ["file", "in", "out", "level", "fade"]
    /// No sound is longer, in seconds.
    private static let longestSeconds = 86_400.0

    let name: String
    let location: SourceLocation
    /// A file of the person's, with the place where it is named.
    private(set) var file: (path: String, location: SourceLocation)?
    /// In seconds of the file, with the places where they are written.
    private(set) var start: (seconds: Double, location: SourceLocation)?
    private(set) var end: (seconds: Double, location: SourceLocation)?
    /// In dB: how much louder than it would be.
    private(set) var levelDecibels = 0.0
    private(set) var fadeSeconds = 0.0
    private(set) var hasSettings = false

    /// True if not all of the file is heard as it is.
    var isCut: Bool { start != nil || end != nil || fadeSeconds > 0 }

    /// By name. What an episode says counts before what its show says.
    /// - Throws: `DiagnosticList` with all mistakes.
    static func all(_ stage: StageContext) throws -> [String: SoundWish] {
        let homes = [stage.show.node["sounds"], stage.episode.node["overrides"]?["sounds"], stage.episode.node["sounds"]].compactMap(\.self)
        var (wishes, problems) = ([String: SoundWish](), homes.flatMap(unheard))
        // What is for prompts alone takes nothing from what the same list says for the mix.
        for entry in homes.flatMap({ home in entries(home).filter { !isHeard($0) } + entries(home).filter(isHeard) }) {
            guard let name = entry["name"]?.value.letters else { continue }
            do { wishes[name] = try SoundWish(entry, name: name) } catch let list as DiagnosticList { problems += list.diagnostics }
        }
        if !problems.isEmpty { throw DiagnosticList(problems) }
        return wishes
    }

    private static let kinds = ["music", "effects"]

    private static func isHeard(_ entry: Node) -> Bool { keys.contains { entry[$0] != nil } }

    /// What would be passed over in silence: a list whose name is nearly one that is read, a sound without a name, a name twice.
    private static func unheard(in sounds: Node) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        if case .object(let members) = sounds.content {
            for member in members where !kinds.contains(member.key) {
                guard let meant = Suggestion.nearest(to: member.key, in: kinds) else { continue }
                problems.append(
                    Diagnostic(
                        .badInput, "`sounds` has an unknown key `\(member.key)`", at: member.keyLocation,
                        remedy: "did you mean \"\(meant)\"?"))
            }
        }
        problems += strayFiles(in: sounds, within: []).map { place, name in
            Diagnostic(
                .badInput, "\"\(name)\" is not heard: sounds stand in lists, `music` and `effects`", at: place,
                remedy: "write `sounds: { effects: [ { name: \(Path(name).name.prefix { $0 != "." }), file: \(name) } ] }`")
        }
        var names: Set<String> = []
        for entry in entries(sounds).filter(isHeard) {
            if let name = entry["name"]?.value.letters {
                guard !names.insert(name).inserted else { continue }
                problems.append(
                    Diagnostic(
                        .badInput, "two sounds are called \"\(name)\"", at: entry["name"]?.location, remedy: "give one another name"))
            } else {
                problems.append(
                    Diagnostic(
                        .badInput, "a sound needs a name, by which the script calls it", at: entry["name"]?.location ?? entry.location,
                        remedy: "write `name: theme`; a number stands in quotes"))
            }
        }
        return problems
    }

    private static let endings = ["wav", "mp3", "flac", "ogg", "opus", "m4a", "aac"].map { ".\($0)" }

    /// Files of sounds that stand where none is looked for: `sounds: { bell: bell.mp3 }`.
    private static func strayFiles(in node: Node, within keys: [String]) -> [(place: SourceLocation, name: String)] {
        switch node.content {
        case .scalar(let text, _):
            endings.contains { text.lowercased().hasSuffix($0) } ? [(node.location, text)] : []
        case .list(let nodes):
            nodes.flatMap { entry -> [(place: SourceLocation, name: String)] in
                if keys.count == 1, kinds.contains(keys[0]), case .object = entry.content { return [] }
                return strayFiles(in: entry, within: keys + ["-"])
            }
        case .object(let members): members.flatMap { strayFiles(in: $0.value, within: keys + [$0.key]) }
        }
    }

    private static func entries(_ sounds: Node) -> [Node] {
        kinds.flatMap { kind -> [Node] in
            guard case .list(let nodes)? = sounds[kind]?.content else { return [] }
            return nodes.filter { if case .object = $0.content { true } else { false } }
        }
    }

    private init(_ node: Node, name: String) throws {
        (self.name, location) = (name, node.location)
        var fields = try Fields(node, subject: "sound \"\(name)\"")
        if let path = fields.text("file"), let place = node["file"]?.location { file = (path, place) }
        start = Self.moment("in", of: node, &fields)
        end = Self.moment("out", of: node, &fields)
        levelDecibels = fields.number("level", in: -60...20, unit: "dB") ?? 0
        fadeSeconds = fields.number("fade", in: 0...60, unit: "seconds") ?? 0
        hasSettings = Self.isHeard(node)
        if let end, end.seconds <= start?.seconds ?? 0 {
            fields.report(
                Diagnostic(
                    .badInput, "`out` of sound \"\(name)\" does not lie behind its `in`", at: end.location,
                    remedy: "both count from the beginning of the file"))
        }
        if case .object(let members) = node.content {
            for member in members where !Self.keys.contains(member.key) && member.key != "when" && member.key.utf8.count > 2 {
                guard let meant = Suggestion.nearest(to: member.key, in: Self.keys), node[meant] == nil else { continue }
                fields.report(
                    Diagnostic(
                        .badInput, "sound \"\(name)\" has an unknown key `\(member.key)`", at: member.keyLocation,
                        remedy: "did you mean \"\(meant)\"?"))
            }
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    /// Seconds, or minutes and seconds: `62.5`, `1:02.5`.
    private static func moment(_ key: String, of node: Node, _ fields: inout Fields) -> (seconds: Double, location: SourceLocation)? {
        guard let written = fields.node(key), written.value != .null else { return nil }
        let parts = (written.value.letters ?? "").split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        let seconds =
            written.value.number
            ?? (parts.count > 3 ? nil : parts.reduce(0 as Double?) { sum, part in sum.flatMap { sum in part.map { sum * 60 + $0 } } })
        guard let seconds, (0...longestSeconds).contains(seconds) else {
            fields.report(
                Diagnostic(
                    .badInput, "`\(key)` of \(fields.subject) must be a moment of the file, not \(written.kind)", at: written.location,
                    remedy: "write seconds, such as 62.5, or minutes and seconds, such as \"1:02.5\""))
            return nil
        }
        return (seconds, written.location)
    }
}
