import EpCore

/// What epbuild itself reads of a blueprint, checked: any other field is for prompts to name.
struct Blueprint {
    /// Fields that documents show. A number in them stands as it is written.
    static let texts = ["title", "tagline", "description", "author", "language", "link", "category", "copyright", "cover"]
    /// All of them.
    static let keys = texts + ["explicit", "guid", "owner", "characters", "delivery", "disclosure", "lexicon", "pipeline", "sounds"]

    /// What the mix alone reads of `sounds`.
    private static let mixKeys: Set<String> = ["file", "in", "out", "level", "fade"]

    /// A blueprint without what the mix alone reads: a prompt that names `sounds` is not given it, so that no text is made anew for a
    /// level.
    static func forPrompts(_ blueprint: Value) -> Value {
        guard let members = blueprint.members, let sounds = blueprint["sounds"]?.members else { return blueprint }
        let kept = sounds.map { kind -> Value.Member in
            guard let entries = kind.value.list else { return kind }
            return Value.Member(
                kind.key, .list(entries.map { entry in entry.members.map { .object($0.filter { !mixKeys.contains($0.key) }) } ?? entry }))
        }
        return .object(members.map { $0.key == "sounds" ? Value.Member("sounds", .object(kept)) : $0 })
    }

    private var problems: [Diagnostic] = []
    /// Who has which name, in lower case.
    private var names: [String: (character: Int, place: SourceLocation)] = [:]

    /// - Parameter node: a show, or what an episode lays over it.
    /// - Throws: `DiagnosticList`, with all mistakes.
    static func check(_ node: Node) throws {
        var blueprint = Blueprint()
        blueprint.read(node)
        if !blueprint.problems.isEmpty { throw DiagnosticList(blueprint.problems) }
    }

    private mutating func read(_ node: Node) {
        for key in Self.texts {
            guard let node = node[key] else { continue }
            if key == "title", let problem = node.blankTitle(of: "the show") { problems.append(problem) }
            if case .scalar = node.content { continue }
            if key == "category", case .list(let nodes) = node.content {
                for node in nodes { text(key, of: "the show", node) }
                continue
            }
            expect(key, of: "the show", key == "category" ? "a text, or a list of texts" : "a text", node)
        }
        if let node = given("link", in: node), case .scalar(let text, _) = node.content, !text.isEmpty,
            text.wholeMatch(of: Self.webAddress) == nil
        {
            expect("link", of: "the show", "a web address", node, remedy: "write `link: https://…`")
        }
        if let node = given("owner", in: node) { owner(node) }
        if let node = given("explicit", in: node), node.value.bool == nil {
            expect("explicit", of: "the show", "true or false", node, remedy: node.truthRemedy ?? "write `true` or `false`")
        }
        if let node = given("guid", in: node), node.value.string?.wholeMatch(of: Self.uuid) == nil {
            expect("guid", of: "the show", "a UUID, such as 917393e3-1b1e-5cef-ace4-edaa54e1f810", node)
        }
        if let node = given("characters", in: node) {
            if case .list(let nodes) = node.content {
                for (index, node) in nodes.enumerated() { character(node, index) }
            } else {
                expect("characters", of: "the show", "a list", node, remedy: "write `- name: …` for each of them")
            }
        }
        if let node = given("delivery", in: node) { deliveries(node) }
        if let node = given("disclosure", in: node) {
            do { _ = try Disclosure(node) } catch { problems += [Diagnostic](describing: error) }
        }
    }

    /// Whom directories write to.
    private mutating func owner(_ node: Node) {
        mapping(node, "the owner") { fields in
            _ = fields.string("name")
            guard let email = fields.required("email", fields.string("email")), email.wholeMatch(of: /[^@\s<>]+@[^@\s<>]+/) == nil else {
                return
            }
            fields.report(
                Diagnostic(
                    .badInput, "`email` of the owner must be an address, not \"\(email)\"", at: node["email"]?.location,
                    remedy: "write `email: name@example.org`"))
        }
    }

    private static var webAddress: Regex<Substring> { /[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\/?#\s]+\S*/ }

    private static var uuid: Regex<Substring> { /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/ }

    private func given(_ key: String, in node: Node) -> Node? { node[key].flatMap { $0.value == .null ? nil : $0 } }

    private mutating func expect(_ key: String, of subject: String, _ expected: String, _ node: Node, remedy: String? = nil) {
        problems.append(
            Diagnostic(.badInput, "`\(key)` of \(subject) must be \(expected), not \(node.kind)", at: node.location, remedy: remedy))
    }

    private mutating func mapping(_ node: Node, _ subject: String, _ read: (inout Fields) -> Void) {
        do {
            var fields = try Fields(node, subject: subject)
            read(&fields)
            try fields.finish()
        } catch let list as DiagnosticList {
            problems += list.diagnostics
        } catch let problem as Diagnostic {
            problems.append(problem)
        } catch {}
    }

    // MARK: characters

    private mutating func character(_ node: Node, _ index: Int) {
        let name = node["name"]?.value.string
        let subject = name.map { "character \"\($0)\"" } ?? "character \(index + 1)"
        mapping(node, subject) { fields in
            _ = fields.required("name", fields.node("name"))
            guard case .object(let members) = node.content else { return }
            fields.allow(members.map(\.key))
            for member in members {
                guard let meant = Self.known(near: member.key, missingIn: node) else { continue }
                fields.report(
                    Diagnostic(
                        .badInput, "\(subject) has an unknown key `\(member.key)`", at: member.keyLocation,
                        remedy: "did you mean \"\(meant)\"?"))
            }
        }
        if let name = node["name"] { text("name", of: subject, name, character: index) }
        if let role = given("role", in: node) { text("role", of: subject, role) }
        if let aliases = given("aliases", in: node) {
            if case .list(let nodes) = aliases.content {
                for alias in nodes { text("aliases", of: subject, alias, character: index) }
            } else {
                expect("aliases", of: subject, "a list of texts", aliases, remedy: "write `aliases: [ … ]`")
            }
        }
    }

    /// The key that is meant by one that resembles it, if it is missing.
    private static func known(near key: String, missingIn node: Node) -> String? {
        let missing = ["name", "aliases", "role", "voice"].filter { node[$0] == nil }
        return Suggestion.nearest(to: key, in: missing) ?? missing.first { Suggestion.nearest(to: $0, in: [key]) != nil }
    }

    /// A text by which something is found, so nothing that would be a number or true.
    /// - Parameter character: whose name it is, and nobody else's.
    private mutating func text(_ key: String, of subject: String, _ node: Node, character: Int? = nil) {
        guard let text = node.value.string, !text.isEmpty else {
            if case .scalar(let text, isPlain: true) = node.content, !text.isEmpty {
                expect(key, of: subject, "a text", node, remedy: "quote it: \"\(text)\"")
            } else {
                expect(key, of: subject, "a text", node)
            }
            return
        }
        guard let character else { return }
        if let other = names[text.lowercased()], other.character != character {
            problems.append(Diagnostic(
                .badInput, "\"\(text)\" names two characters: the other one in line \(other.place.line)", at: node.location,
                remedy: "take it from one of them"))
        } else {
            names[text.lowercased()] = (character, node.location)
        }
    }

    // MARK: delivery

    private mutating func deliveries(_ node: Node) {
        guard case .object(let members) = node.content else {
            return expect(
                "delivery", of: "the show", "a mapping", node, remedy: "write `WORD: { rate: …, pitch: …, volume: … }` for each word")
        }
        for member in members {
            mapping(member.value, "delivery \"\(member.key)\"") { fields in
                _ = fields.number("rate", in: -90...300, unit: "percent")
                _ = fields.number("pitch", in: -99...99)
                _ = fields.number("volume", in: -60...20, unit: "dB")
            }
        }
    }
}

extension Node {
    /// What is wrong with a title of which nobody would see anything; nil if it says something, or nothing at all is written.
    func blankTitle(of subject: String) -> Diagnostic? {
        guard case .scalar(let text, let isPlain) = content, !text.isEmpty || !isPlain, text.unicodeScalars.allSatisfy(\.isUnseen) else {
            return nil
        }
        return Diagnostic(
            .badInput, "`title` of \(subject) is blank", at: location, remedy: "write what it is called, or leave `title` out")
    }
}

extension Unicode.Scalar {
    /// True for white space, and for marks that only direct how others are shown.
    fileprivate var isUnseen: Bool {
        properties.isWhitespace || [.control, .format].contains(properties.generalCategory)
    }
}
