import EpCore

/// What a prompt says about the episode and its show.
struct Topic {
    let title: String
    let topic: String
    /// What the narrator tells at the beginning: the show's world, then what happens today.
    let scene: [String]

    init(_ prompt: Prompt) throws(Diagnostic) {
        let show = try prompt.yaml("Show")
        if let language = show["language"].text, language != "en", !language.hasPrefix("en-"), !language.hasPrefix("en_") {
            throw Diagnostic(
                .unavailable, "the offline writer writes English only, and the show's language is \"\(language)\"",
                remedy: "use another provider for the tool llm")
        }
        let value = try prompt.yaml("Topic")
        guard let title = value["title"].text ?? value["topic"].text else {
            throw Prompt.problem("\"## Topic\" has neither a title nor a topic", line: 0)
        }
        self.title = title
        topic = value["topic"].text ?? title
        scene = show["scene"].strings + value["scene"].strings
    }
}

/// Turns headings into what somebody would ask.
enum Heading {
    /// - Parameter names: words that keep their capital, in lower case.
    static func question(_ heading: String, names: Set<String>) -> String {
        if heading.hasSuffix("?") { return heading }
        let text = Words.lowered(Sentence.trimmingEnd(heading), unless: names)
        return isClause(heading) ? "I want to know \(text)." : "What about \(text)?"
    }

    /// What somebody can do who has understood it.
    static func objective(_ heading: String, names: Set<String>) -> String {
        if heading.hasSuffix("?") { return "Can answer the question: \(heading)" }
        let text = Words.lowered(Sentence.trimmingEnd(heading), unless: names)
        return isClause(heading) ? "Can explain \(text)." : "Can tell something about \(text)."
    }

    private static func isClause(_ heading: String) -> Bool {
        ["how", "why", "what", "where", "when", "who", "which"].contains(Words.split(heading).first.map(Words.bare) ?? "")
    }
}
