public import EpCore

/// How many words a book has, by chapters and scenes.
public struct BookCounts: Sendable {
    private struct Row {
        let chapter: Book.Chapter
        let scenes: [Int]
        var words: Int { scenes.reduce(0, +) }
    }

    private let book: Book
    private let rows: [Row]

    public init(_ book: Book) {
        self.book = book
        rows = book.chapters.map { chapter in Row(chapter: chapter, scenes: chapter.scenes.map { TextCount($0.text.plainText).words }) }
    }

    public var words: Int { rows.reduce(0) { $0 + $1.words } }

    public var value: Value {
        let chapters = rows.map { row -> Value in
            let scenes = zip(row.chapter.scenes, row.scenes).map { scene, words -> Value in
                .object([.init("number", .int(Int64(scene.number)))] + Self.title(scene.title) + [.init("words", .int(Int64(words)))])
            }
            let number = row.chapter.number.map { [Value.Member("number", .int(Int64($0)))] } ?? []
            return .object(
                number + Self.title(row.chapter.title) + [.init("words", .int(Int64(row.words))), .init("scenes", .list(scenes))])
        }
        return [
            "title": .string(book.shownTitle), "words": .int(Int64(words)), "chapters": .list(chapters),
            "left_out": .list(book.leftOut.map(Value.string)),
            "made_by": .list(book.disclosures.map(Value.string)),
        ]
    }

    private static func title(_ title: String?) -> [Value.Member] { title.map { [.init("title", .string($0))] } ?? [] }

    /// A table; scenes are told apart where a chapter has several.
    public func markdown() -> String {
        var lines = ["# \(Markdown.escape(book.shownTitle)): \(words) words", "", "| chapter | scene | words |", "|---|---|--:|"]
        for row in rows {
            let heading = Self.cell(row.chapter.heading)
            guard row.chapter.scenes.count > 1 else {
                lines.append("| \(heading) | | \(row.words) |")
                continue
            }
            lines.append("| **\(heading)** | | **\(row.words)** |")
            for (scene, words) in zip(row.chapter.scenes, row.scenes) {
                let title = [String(scene.number), scene.title?.singleLine].compactMap(\.self).filter { !$0.isEmpty }.joined(
                    separator: " · ")
                lines.append("| | \(Self.cell(title)) | \(words) |")
            }
        }
        for remark in book.remarks { lines += ["", "*\(Markdown.escape(remark))*"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A bar would end the cell.
    private static func cell(_ text: String) -> String { Markdown.escape(text).replacing("|", with: "\\|") }
}
