import EpCore

/// What the characters may say beside the facts in one scene; each remark is used once.
struct Remarks {
    private static let catchphrase = "catchphrase"
    /// By speaker, then by the kind of talk.
    private var bySpeaker: [(name: String, phrases: [(key: String, texts: [String])])] = []

    var isEmpty: Bool { bySpeaker.allSatisfy { $0.phrases.allSatisfy(\.texts.isEmpty) } }

    /// The next remark of that kind; nil when none is left.
    mutating func take(_ talk: Talk, from character: CastMember) -> String? { take(talk.rawValue, character.name) }
    mutating func takeCatchphrase(of character: CastMember) -> String? { take(Self.catchphrase, character.name) }

    mutating func add(_ talk: Talk, _ texts: [String], to character: CastMember) { add(talk.rawValue, texts, character.name) }
    mutating func add(catchphrase: String, to character: CastMember) { add(Self.catchphrase, [catchphrase], character.name) }

    /// Everything a cast can say, for a beat whose outline says nothing about it; no catchphrase twice.
    static func all(of cast: Cast, for text: String) -> Remarks {
        var remarks = Remarks()
        for character in cast.members {
            for talk in Talk.allCases { remarks.add(talk, StableHash.rotated(character.phrases(talk), by: text), to: character) }
        }
        let speaker = StableHash.of(text).isMultiple(of: 2) ? cast.explainer : cast.asker
        if let phrase = StableHash.rotated(speaker.catchphrases, by: text).first { remarks.add(catchphrase: phrase, to: speaker) }
        return remarks
    }

    var value: Value {
        .list(bySpeaker.map { speaker in
            .object([.init("speaker", .string(speaker.name))]
                + speaker.phrases.map { .init($0.key, .strings($0.texts)) })
        })
    }

    init() {}

    init(_ value: Value) {
        for speaker in value.list ?? [] {
            guard let name = speaker["speaker"].text else { continue }
            for member in speaker.members ?? [] where member.key != "speaker" {
                add(member.key, Optional(member.value).strings, name)
            }
        }
    }

    private mutating func take(_ key: String, _ name: String) -> String? {
        guard let speaker = bySpeaker.firstIndex(where: { $0.name == name }),
            let list = bySpeaker[speaker].phrases.firstIndex(where: { $0.key == key }),
            !bySpeaker[speaker].phrases[list].texts.isEmpty
        else { return nil }
        return bySpeaker[speaker].phrases[list].texts.removeFirst()
    }

    private mutating func add(_ key: String, _ texts: [String], _ name: String) {
        guard !texts.isEmpty else { return }
        let speaker = bySpeaker.firstIndex { $0.name == name } ?? bySpeaker.endIndex
        if speaker == bySpeaker.endIndex { bySpeaker.append((name, [])) }
        if let list = bySpeaker[speaker].phrases.firstIndex(where: { $0.key == key }) {
            bySpeaker[speaker].phrases[list].texts += texts
        } else {
            bySpeaker[speaker].phrases.append((key, texts))
        }
    }
}

/// Deals the remarks of a cast out to the scenes of an episode, each remark to one scene only.
struct Dealer {
    private var stacks: [String: [String]] = [:]
    private var catchphrases: [(character: CastMember, phrase: String)] = []
    private let cast: Cast

    /// - Parameters:
    ///   - seed: a text of the episode; it decides where in each list the dealing begins.
    ///   - wishes: what nobody wants to hear.
    init(_ cast: Cast, seed: String, wishes: Wishes = Wishes("")) {
        self.cast = cast
        for character in cast.members {
            for talk in Talk.allCases {
                stacks[character.name + "/" + talk.rawValue] = StableHash.rotated(
                    character.phrases(talk).filter { !wishes.refuse($0) }, by: seed)
            }
        }
        let own = cast.explainer.catchphrases.filter { !wishes.refuse($0) }.map { (cast.explainer, $0) }
        let other =
            cast.asker.name == cast.explainer.name ? [] : cast.asker.catchphrases.filter { !wishes.refuse($0) }.map { (cast.asker, $0) }
        for index in 0..<max(own.count, other.count) {
            if index < own.count { catchphrases.append(own[index]) }
            if index < other.count { catchphrases.append(other[index]) }
        }
    }

    /// What one scene gets: at most one catchphrase, and of each kind of talk as many as the scene can use.
    mutating func deal(to kind: Beat.Kind) -> Remarks {
        var remarks = Remarks()
        for character in cast.members {
            for talk in Talk.allCases where isOf(character, talk) {
                let key = character.name + "/" + talk.rawValue
                let hand = (stacks[key] ?? []).prefix(talk.count(in: kind))
                stacks[key]?.removeFirst(hand.count)
                remarks.add(talk, Array(hand), to: character)
            }
        }
        if kind == .explain || kind == .tryOut, !catchphrases.isEmpty {
            let (character, phrase) = catchphrases.removeFirst()
            remarks.add(catchphrase: phrase, to: character)
        }
        return remarks
    }

    /// Who says such things: one explains, the other asks.
    private func isOf(_ character: CastMember, _ talk: Talk) -> Bool {
        switch talk {
        case .promises, .starts, .agrees, .invites: character.name == cast.explainer.name
        case .marvels, .understands, .wonders, .asksWhy, .triesWord, .cheers: character.name == cast.asker.name
        case .setsScene, .sumsUp, .asksListener: character.name == cast.narrator.name
        case .greets, .goodbye: character.name != cast.narrator.name || cast.members.count < 3
        }
    }
}
