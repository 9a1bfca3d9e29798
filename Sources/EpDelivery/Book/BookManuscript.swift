/// A book as one text in Markdown: what a person reads, edits elsewhere, or hands to a publisher.
public struct BookManuscript: Sendable {
    private let book: Book

    public init(_ book: Book) { self.book = book }

    public func markdown() -> String {
        let head = ["# \(Markdown.escape(book.shownTitle))"] + (book.author.singleLine.isEmpty ? [] : ["*\(Markdown.escape(book.author))*"])
        let chapters = book.chapters.flatMap { chapter in ["## \(Markdown.escape(chapter.heading))", scenes(of: chapter)] }
        let remarks = book.remarks.isEmpty ? [] : ["---"] + book.remarks.map { "*\(Markdown.escape($0))*" }
        return (head + chapters + remarks).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private func scenes(of chapter: Book.Chapter) -> String {
        chapter.scenes.map { Self.withLowerHeadings($0.text.source.trimmed) }.filter { !$0.isEmpty }.joined(separator: "\n\n* * *\n\n")
    }

    /// A heading within a scene stands below its chapter's.
    private static func withLowerHeadings(_ text: String) -> String {
        var fence: Character?
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let start = line.drop { $0 == " " }
            if let mark = start.first, mark == "`" || mark == "~", start.prefix(3).allSatisfy({ $0 == mark }), start.count >= 3,
                fence == nil || fence == mark
            {
                fence = fence == nil ? mark : nil
            }
            let level = start.prefix { $0 == "#" }.count
            guard fence == nil, (1...6).contains(level), start.dropFirst(level).first.map({ $0 == " " }) ?? true else {
                return String(line)
            }
            return String(repeating: "#", count: min(6, level + 2)) + start.dropFirst(level)
        }.joined(separator: "\n")
    }
}
