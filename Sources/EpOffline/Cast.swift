import EpCore

/// The three parts that a conversation needs. Where a show has fewer characters, one takes two parts.
struct Cast {
    let narrator: CastMember
    let explainer: CastMember
    let asker: CastMember

    init(_ value: Value) throws(Diagnostic) {
        var all: [CastMember] = []
        for character in value.list ?? [] { all.append(try CastMember(character)) }
        guard let first = all.first else {
            throw Prompt.problem("\"## Characters\" is not a list of characters", line: 0, remedy: "give it \"- name: …\" for each")
        }
        let free = all.filter { $0.role == nil }
        let explainer = all.first { $0.role == .explains } ?? free.first ?? first
        self.explainer = explainer
        asker = all.first { $0.role == .asks } ?? free.first { $0.name != explainer.name } ?? explainer
        narrator = all.first { $0.role == .narrator } ?? explainer
    }

    /// Each once.
    var members: [CastMember] {
        var members: [CastMember] = []
        for character in [narrator, explainer, asker] where !members.contains(where: { $0.name == character.name }) {
            members.append(character)
        }
        return members
    }
}
