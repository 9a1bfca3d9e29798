import EpCore
import EpPlan
import EpScript

/// `lexicon:` of a blueprint: `Charon: Kairon`, or `Charon: { say: Kairon, languages: { de: Scharon }, voices: { flite: "Care on" } }`.
extension Lexicon {
    /// What one voice is to be given.
    /// - Parameters:
    ///   - names: whose words go before others, the nearest first: the character's, the provider's, the vendor's.
    ///   - language: of what is spoken; "" if nobody says it.
    init(_ blueprint: Value, for names: [String], language: String) {
        let short = language.prefix { $0 != "-" && $0 != "_" }
        self.init((blueprint["lexicon"]?.members ?? []).compactMap { member in
            if let said = member.value.letters { return (member.key, said) }
            let voices = member.value["voices"]?.members ?? []
            let byVoice = names.lazy.compactMap { name in voices.first { $0.key.lowercased() == name.lowercased() }?.value.letters }.first
            let byLanguage = [language, String(short)].lazy.compactMap { member.value["languages"]?[$0]?.letters }.first
            return (byVoice ?? byLanguage ?? member.value["say"]?.letters).map { (member.key, $0) }
        })
    }

    /// What is wrong with it, each mistake at its place.
    /// - Parameter names: of characters, providers and kinds of voices.
    static func problems(in blueprint: Node, names: [String]) -> [Diagnostic] {
        guard let node = blueprint["lexicon"], node.value != .null else { return [] }
        guard case .object(let members) = node.content else {
            return [
                Diagnostic(
                    .badInput, "`lexicon` of the show must be a mapping, not \(node.kind)", at: node.location,
                    remedy: "write `WORD: how it is said` for each word")
            ]
        }
        return members.flatMap { problems(of: $0, names) }
    }

    private static func problems(of member: Node.Member, _ names: [String]) -> [Diagnostic] {
        if case .scalar(let said, _) = member.value.content { return said.isEmpty ? [unsaid(member.key, member.value)] : [] }
        do {
            var fields = try Fields(member.value, subject: "\"\(member.key)\" of the lexicon")
            _ = fields.string("say")
            let languages = try texts(&fields, "languages") { code in
                code.wholeMatch(of: /[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*/) == nil ? "write a code such as `de` or `en-GB`" : nil
            }
            let voices = try texts(&fields, "voices") { name in
                names.contains { $0.lowercased() == name.lowercased() } ? nil : Suggestion.remedy(for: name, in: names)
            }
            try fields.finish()
            return languages + voices
        } catch {
            return [Diagnostic](describing: error)
        }
    }

    /// - Parameter remedy: for a key that is wrong; nil for one that is right.
    private static func texts(_ fields: inout Fields, _ key: String, _ remedy: (String) -> String?) throws -> [Diagnostic] {
        guard let node = fields.node(key), node.value != .null else { return [] }
        guard case .object(let members) = node.content else {
            return [Diagnostic(.badInput, "`\(key)` of \(fields.subject) must be a mapping, not \(node.kind)", at: node.location)]
        }
        return members.compactMap { member in
            if let remedy = remedy(member.key) {
                return Diagnostic(
                    .badInput, "`\(key)` of \(fields.subject) has an unknown key `\(member.key)`", at: member.keyLocation, remedy: remedy)
            }
            guard let said = member.value.value.letters, !said.isEmpty else { return unsaid(member.key, member.value) }
            return nil
        }
    }

    private static func unsaid(_ word: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            .badInput, "the lexicon does not say how \"\(word)\" is said", at: node.location,
            remedy: "write `\(word): …` with the letters that a voice would read right")
    }
}
