import EpCore

/// One scene of an episode, as the outline describes it.
struct Beat {
    enum Kind: String, CaseIterable {
        case hello, explain
        case tryOut = "try"
        case recap
    }

    struct Quiz {
        let question: String
        let answer: String
    }

    var title: String
    var purpose: String
    var kind: Kind
    /// What somebody asks at the beginning.
    var question: String?
    /// What the narrator tells before anybody speaks.
    var scene: [String] = []
    /// What is to be understood, in sentences of the sources.
    var points: [String] = []
    var quiz: [Quiz] = []
    /// The part of the sources that this scene tells, in Markdown.
    var excerpt = ""
    var remarks = Remarks()

    /// Words that name a moment and not a word of the text.
    static let moments: Set<String> = Set(Kind.allCases.map(\.rawValue) + ["opening", "closing"])

    var value: Value {
        var members: [Value.Member] = [
            .init("title", .string(title)), .init("kind", .string(kind.rawValue)), .init("purpose", .string(purpose)),
        ]
        if let question { members.append(.init("question", .string(question))) }
        if !scene.isEmpty { members.append(.init("scene", .strings(scene))) }
        if !points.isEmpty { members.append(.init("points", .strings(points))) }
        if !quiz.isEmpty {
            let pairs = quiz.map { Value.object([.init("question", .string($0.question)), .init("answer", .string($0.answer))]) }
            members.append(.init("quiz", .list(pairs)))
        }
        if !excerpt.isEmpty { members.append(.init("excerpt", .string(excerpt))) }
        if !remarks.isEmpty { members.append(.init("remarks", remarks.value)) }
        return .object(members)
    }

    /// A beat as an outline has it, whoever wrote it: only the title must be there.
    init(_ value: Value, cast: Cast) throws(Diagnostic) {
        guard let title = value["title"].text else { throw Prompt.problem("the beat in \"## Beat\" has no title", line: 0) }
        self.title = title
        purpose = value["purpose"].text ?? ""
        let points = value["points"].strings
        self.points = points
        quiz = (value["quiz"]?.list ?? []).compactMap { pair in
            guard let question = pair["question"].text, let answer = pair["answer"].text else { return nil }
            return Quiz(question: question, answer: answer)
        }
        excerpt = value["excerpt"].text ?? points.joined(separator: "\n\n")
        question = value["question"].text
        scene = value["scene"].strings
        let fallback: Kind = !quiz.isEmpty ? .recap : Source([excerpt]).sections.contains(where: \.hasSteps) ? .tryOut : .explain
        kind = value["kind"].text.flatMap(Kind.init) ?? fallback
        remarks = value["remarks"].map(Remarks.init) ?? Remarks.all(of: cast, for: title)
    }

    init(title: String, purpose: String, kind: Kind) {
        self.title = title
        self.purpose = purpose
        self.kind = kind
    }
}
