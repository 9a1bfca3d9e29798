import EpCore

/// `# Prose`: a scene, told: its notes in their order, with names, with speeches as they are printed, and with what is to be seen in
/// between.
struct ProseWriter {
    static let revision = "1"

    private let title: String
    private let people: [NovelPerson]
    private let body: SceneBody
    private let variation: String
    private var placeIntroduction: [String]
    private var detail: String?
    private var introductions: [(id: String, text: [String])]
    private var gestures: [(id: String, text: String)]
    /// Those whom the scene has named so far.
    private var named: Set<String> = []

    init(_ prompt: Prompt) throws(Diagnostic) {
        let scene = try prompt.yaml("Scene")
        title = scene["title"].text ?? ""
        people = try NovelPerson.all(scene["people"], named: "Scene")
        body = SceneBody(scene["notes"].text ?? "")
        variation = prompt.variation
        guard !body.blocks.isEmpty else {
            throw Prompt.problem("the scene \"\(title)\" has no `notes`, so there is nothing to tell", line: 0)
        }
        let remarks = scene["remarks"]
        placeIntroduction = remarks?["place"].strings ?? []
        detail = remarks?["detail"].text
        introductions = (remarks?["people"]?.list ?? []).compactMap { entry in entry["id"].text.map { ($0, entry["first"].strings) } }
        gestures = (remarks?["gestures"]?.list ?? []).compactMap { entry in
            entry["id"].text.flatMap { id in entry["text"].text.map { (id, $0) } }
        }
        if let speaker = body.lines.first(where: { line in !people.contains { $0.id == line.speaker } })?.speaker {
            throw Prompt.problem(
                "@\(speaker) speaks in \"\(title)\" and is not among its `people`", line: 0,
                remedy: Suggestion.remedy(for: speaker, in: people.map(\.id)))
        }
    }

    func text() -> String {
        var writer = self
        return writer.paragraphs().map(withNames).joined(separator: "\n\n") + "\n"
    }

    private mutating func paragraphs() -> [String] {
        var told: [String] = []
        for (index, block) in body.blocks.enumerated() {
            switch block {
            case .paragraph(Self.placeMark): describePlace(&told)
            case .paragraph(let text):
                if index == 0, !body.marksPlace { describePlace(&told) }
                if isBreath(before: index), let seen = detail {
                    told.append(seen)
                    detail = nil
                }
                told.append(text)
                let ids = Handles.ids(in: text)
                named.formUnion(ids)
                if let met = introduction(of: ids) { told.append(met) }
            case .talk(let lines):
                told += talk(lines)
                // Who begins with a speech looks about after it.
                if index == 0, !body.marksPlace { describePlace(&told) }
            }
        }
        return told
    }

    private static let placeMark = "@\(SceneBody.placeMark)"

    private mutating func describePlace(_ told: inout [String]) {
        if !placeIntroduction.isEmpty { told.append(placeIntroduction.joined(separator: " ")) }
        placeIntroduction = []
    }

    /// After a talk one looks about; where nobody has talked before the end, after the second paragraph.
    private func isBreath(before index: Int) -> Bool {
        guard index > 0, index < body.blocks.count else { return false }
        if case .talk = body.blocks[index - 1] { return true }
        let talksLater = body.blocks.indices.dropLast().contains { if case .talk = body.blocks[$0] { true } else { false } }
        return !talksLater && index == 2
    }

    /// What is told of those who are met here for the first time.
    private mutating func introduction(of ids: [String]) -> String? {
        let met = introductions.filter { ids.contains($0.id) }
        introductions.removeAll { ids.contains($0.id) }
        return met.isEmpty ? nil : met.flatMap(\.text).joined(separator: " ")
    }

    // MARK: speeches

    private mutating func talk(_ lines: [SceneBody.Line]) -> [String] {
        var before: [String] = []
        return lines.enumerated().map { index, line in
            defer {
                before.append(line.speaker)
                named.insert(line.speaker)
            }
            let others = Set(before.suffix(2)).subtracting([line.speaker])
            // Two who take turns need not be named each time.
            let isClear =
                index > 1 && others.count == 1 && before.last != line.speaker && before[index - 2] == line.speaker && index % 5 != 0
            if let met = introduction(of: [line.speaker]) { return "\(speech(line, place: .end)) \(met)" }
            if line.manner != nil { return speech(line, place: place(of: line)) }
            // Only of somebody who has been named is it clear who moves.
            if named.contains(line.speaker), index > 0 || lines.count == 1, let gesture = gesture(of: line.speaker) {
                return "\"\(line.text)\" \(gesture)"
            }
            return isClear ? "\"\(line.text)\"" : speech(line, place: place(of: line))
        }
    }

    private mutating func gesture(of id: String) -> String? {
        guard let index = gestures.firstIndex(where: { $0.id == id }) else { return nil }
        return gestures.remove(at: index).text
    }

    private enum Place { case afterFirstSentence, end }

    /// In two of three speeches of several sentences, and in all that are long, the name stands after the first.
    private func place(of line: SceneBody.Line) -> Place {
        Words.split(line.text).count < 15 && StableHash.of(line.text + variation) % 3 == 0 ? .end : .afterFirstSentence
    }

    private func attributed(_ line: SceneBody.Line) -> String {
        let manner = line.manner.map { $0.hasPrefix("to ") ? " \($0)" : ", \($0)" } ?? ""
        return "@\(line.speaker)\(manner)"
    }

    private func speech(_ line: SceneBody.Line, place: Place) -> String {
        let speaker = attributed(line), (first, rest) = Self.firstSentence(of: line.text)
        guard !rest.isEmpty, place == .afterFirstSentence else { return "\"\(Self.open(line.text))\" \(Self.verb(line.text)) \(speaker)." }
        return "\"\(Self.open(first))\" \(Self.verb(first)) \(speaker). \"\(rest)\""
    }

    private static func verb(_ text: String) -> String { text.hasSuffix("?") ? "asked" : "said" }

    /// A full stop becomes a comma before who has said it.
    private static func open(_ text: String) -> String { text.hasSuffix(".") && !text.hasSuffix("..") ? text.dropLast() + "," : text }

    private static func firstSentence(of text: String) -> (first: String, rest: String) {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if ".!?".contains(text[index]), next < text.endIndex, text[next] == " ",
                text[..<index].split(separator: " ").count > 1 || text[index] != "."
            {
                return (String(text[...index]), Lines.trim(text[next...]))
            }
            index = next
        }
        return (text, "")
    }

    private func withNames(_ text: String) -> String {
        Handles.replaced(in: text) { id, part in people.first { $0.id == id }.map { part == "last" ? $0.last : $0.called } }
    }
}
