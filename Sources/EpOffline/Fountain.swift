/// Writes scenes as Fountain 1.1: a section for the chapter, action lines for cues, and dialogue.
enum Fountain {
    static func text(chapter: String?, _ elements: [Conversation.Element]) -> String {
        var blocks: [String] = chapter.map { ["# \($0)"] } ?? []
        for element in elements {
            switch element {
            case .effect(let name): blocks.append("SFX: \(name)")
            case .music(let name): blocks.append("MUSIC: \(name)")
            case .pause(let seconds): blocks.append("[[pause \(length(seconds))]]")
            case .turn(let turn):
                let delivery = turn.delivery.map { "(\($0))\n" } ?? ""
                blocks.append("\(cue(turn.speaker.name))\n\(delivery)\(dialogue(turn.sentences))")
            }
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// `4s`, `500ms`.
    private static func length(_ seconds: Double) -> String {
        let milliseconds = Int((min(seconds, 600) * 1000).rounded())
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }

    /// The name in capitals; a name without letters is forced with `@`.
    static func cue(_ name: String) -> String {
        let name = name.uppercased()
        return name.unicodeScalars.contains(where: \.properties.isUppercase) ? name : "@\(name)"
    }

    /// One line that nothing can take for a parenthetical, a note or emphasis.
    private static func dialogue(_ sentences: [String]) -> String {
        let text = PlainText.spoken(sentences.joined(separator: " "))
        return String(decoding: text.utf8.drop { "(~>.!@=&/".utf8.contains($0) || $0 == 32 }, as: UTF8.self)
    }
}
