/// A chapter as it is read aloud: a script (Fountain) in which one voice says its heading and its paragraphs. Each scene is a section.
public struct BookReading: Sendable {
    private let chapter: Book.Chapter
    private let language: String
    private let speaker: String
    private let disclosure: String?

    /// A paragraph that is longer is said in several breaths, between sentences.
    private static let longest = 900

    /// - Parameters:
    ///   - speaker: who reads, as the show calls him.
    ///   - disclosure: what is said of synthetic voices before the chapter; nil: nothing.
    public init(_ chapter: Book.Chapter, language: String, speaker: String, disclosure: String? = nil) {
        (self.chapter, self.language, self.speaker, self.disclosure) = (chapter, language, speaker, disclosure)
    }

    public func fountain() -> String {
        var lines = ["Title: \(chapter.title?.singleLine ?? chapter.heading)", ""]
        func say(_ texts: [String]) {
            for text in texts where TextCount(text).words > 0 { lines += [speaker.singleLine.uppercased(), text, ""] }
        }
        let first = [disclosure.map(Self.spoken), announcement].compactMap(\.self)
        if chapter.scenes.isEmpty, first.contains(where: { TextCount($0).words > 0 }) {
            lines += ["# 1", ""]
            say(first)
        }
        for (index, scene) in chapter.scenes.enumerated() {
            let title = scene.title.map(\.singleLine) ?? ""
            lines += ["# \(title.isEmpty ? String(scene.number) : title)", ""]
            let paragraphs = scene.text.plainText.split(separator: "\n\n").flatMap { Self.breaths(Self.spoken(String($0))) }
            say((index == 0 ? first : []) + paragraphs)
        }
        return lines.joined(separator: "\n")
    }

    /// `Chapter 3. The Bell.`
    private var announcement: String {
        let words = ["en": "Chapter", "de": "Kapitel", "es": "Capítulo", "fr": "Chapitre"]
        let word = words[String(language.lowercased().prefix { $0 != "-" && $0 != "_" })]
        let number = chapter.number.map { number in (word.map { "\($0) " } ?? "") + "\(number)" }
        return [number, chapter.title.map { Self.spoken($0) }].compactMap(\.self).filter { !$0.isEmpty }.map {
            $0 + (".!?…".contains($0.last ?? " ") ? "" : ".")
        }
        .joined(separator: " ")
    }

    /// Without the signs that mean something in a script; nobody hears them.
    private static func spoken(_ text: String) -> String {
        var result = ""
        for character in text.singleLine {
            switch character {
            case "*", "_", "~", "\\", "[", "]", "{", "}", "|", "^": break
            case "(", ")": result += result.last.map { $0.isLetter || $0.isNumber } ?? false ? "," : ""
            default: result.append(character)
            }
        }
        return String(result.singleLine.drop { ">!@#.=,; ".contains($0) })
    }

    private static func breaths(_ text: String) -> [String] {
        guard text.count > longest else { return [text] }
        var (breaths, open) = ([String](), "")
        for word in text.split(separator: " ") {
            open += (open.isEmpty ? "" : " ") + word
            let isEnd = word.reversed().first { !"”’\"'".contains($0) }.map { ".!?…".contains($0) } ?? false
            if open.count >= longest || isEnd && open.count > longest / 2 {
                breaths.append(open)
                open = ""
            }
        }
        return open.isEmpty ? breaths : breaths + [open]
    }
}
