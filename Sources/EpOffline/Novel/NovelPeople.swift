import EpCore

/// Somebody in a novel.
struct NovelPerson {
    /// A movement that may be seen once in the book, at certain places or, if none are named, at any.
    struct Gesture {
        let text: String
        let places: [String]
    }

    let id: String
    let called: String
    let last: String
    /// What is told where the person first appears.
    let first: [String]
    let gestures: [Gesture]

    init(_ value: Value) throws(Diagnostic) {
        guard let id = value["id"].text, let called = value["called"].text ?? value["name"].text else {
            throw Prompt.problem("a character has no `id`, or nothing that he or she is `called`", line: 0)
        }
        (self.id, self.called) = (id, called)
        last = value["last"].text ?? called
        first = value["first"].strings
        gestures = (value["gestures"]?.list ?? []).compactMap { gesture in
            (gesture["text"].text ?? Optional(gesture).text).map { Gesture(text: $0, places: gesture["at"].strings) }
        }
    }

    /// As a scene has it: who somebody is, without what others are told of him.
    var brief: Value { ["id": .string(id), "called": .string(called), "last": .string(last)] }

    static func all(_ list: Value?, named section: String) throws(Diagnostic) -> [NovelPerson] {
        var people: [NovelPerson] = []
        for value in list?.list ?? [] {
            let person = try NovelPerson(value)
            if people.contains(where: { $0.id == person.id }) {
                throw Prompt.problem("two characters in \"## \(section)\" have the id \"\(person.id)\"", line: 0)
            }
            people.append(person)
        }
        guard !people.isEmpty else {
            throw Prompt.problem(
                "\"## \(section)\" is not a list of characters", line: 0, remedy: "give it `- id: …` and `called: …` for each")
        }
        return people
    }
}

/// Where something happens.
struct NovelPlace {
    let id: String
    let name: String
    /// What is told where it is first seen.
    let first: [String]
    /// What may be told of it once each.
    let details: [String]

    init(_ value: Value) throws(Diagnostic) {
        guard let id = value["id"].text else { throw Prompt.problem("a location has no `id`", line: 0) }
        self.id = id
        name = value["name"].text ?? id
        first = value["first"].strings
        details = value["details"].strings
    }

    static func all(_ list: Value?, named section: String) throws(Diagnostic) -> [NovelPlace] {
        var places: [NovelPlace] = []
        for value in list?.list ?? [] { places.append(try NovelPlace(value)) }
        guard !places.isEmpty else {
            throw Prompt.problem("\"## \(section)\" is not a list of locations", line: 0, remedy: "give it `- id: …` for each")
        }
        return places
    }
}
