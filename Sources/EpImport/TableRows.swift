/// A table with who speaks in one column and what they say in another.
struct TableRows {
    struct Row {
        let cells: [String]
        let place: Place
    }

    private let rows: [Row]

    init(_ rows: [Row]) { self.rows = rows }

    /// The cells of a line of Markdown's; nil if it is none.
    static func cells(of line: Substring) -> [String]? {
        guard line.first == "|", line.count > 1 else { return nil }
        // `\|` is no end of a cell.
        let line = line.replacing("\\|", with: "\u{1}")[...]
        let inside = line.dropFirst().last == "|" ? line.dropFirst().dropLast() : line.dropFirst()
        let cells = inside.split(separator: "|", omittingEmptySubsequences: false).map { String($0.trimmed).replacing("\u{1}", with: "|") }
        return cells.count > 1 ? cells : nil
    }

    /// `|---|:--:|`
    static func isRuler(_ cells: [String]) -> Bool { cells.allSatisfy { !$0.isEmpty && $0.allSatisfy { "-: ".contains($0) } } }

    private static let speakerTitles: Set<String> = [
        "speaker", "name", "who", "character", "voice", "sprecher", "person", "rolle", "wer", "personnage", "personaje", "host", "role",
    ]
    private static let textTitles: Set<String> = [
        "text", "line", "lines", "dialogue", "dialog", "what", "words", "speech", "script", "transcript", "satz", "texte", "texto", "audio",
        "content",
    ]

    /// Speech where a row names its speaker, text where it does not.
    func blocks(_ doubts: inout Doubts) -> [Block] {
        guard let (speaker, text, isTitled) = columns else {
            return rows.flatMap { row in
                [Block(.blank, at: row.place)] + row.cells.filter { !$0.isEmpty }.map { Block(.text, $0, at: row.place, isParagraph: true) }
            }
        }
        var blocks: [Block] = []
        if isTitled, let first = rows.first {
            doubts.note(
                "the head of the table, \(first.cells.joined(separator: ", ").excerpt), is left out", at: first.place,
                remedy: "nothing, if it is one")
        }
        for row in rows.dropFirst(isTitled ? 1 : 0) {
            let name = row.cells.indices.contains(speaker) ? row.cells[speaker] : ""
            let words = row.cells.indices.contains(text) ? row.cells[text] : ""
            for (column, cell) in row.cells.enumerated() where column != speaker && column != text && !cell.isEmpty {
                if LineMarks.afterTime(cell[...], inBrackets: false)?.isEmpty == true {
                    doubts.note(.time, at: row.place)
                } else if !cell.allSatisfy({ $0.isNumber || ".)".contains($0) }) {
                    doubts.note(
                        "\(cell.excerpt) in another column of the table is left out", at: row.place,
                        remedy: "write it as a [[note]] if it is wanted")
                }
            }
            if name.isEmpty {
                if !words.isEmpty { blocks.append(Block(.text, words, at: row.place, isParagraph: true)) }
            } else {
                blocks.append(Block(.speech(by: name), words, at: row.place, isParagraph: true))
            }
        }
        return blocks
    }

    /// By the head of the table, or by what is in it.
    private var columns: (speaker: Int, text: Int, isTitled: Bool)? {
        let titles = (rows.first?.cells ?? []).map { $0.lowercased().filter { $0.isLetter } }
        if let speaker = titles.firstIndex(where: Self.speakerTitles.contains),
            let text = titles.firstIndex(where: Self.textTitles.contains)
        {
            return (speaker, text, true)
        }
        let count = rows.map(\.cells.count).max() ?? 0
        let lengths = (0..<count).map { column in rows.reduce(0) { $0 + ($1.cells.indices.contains(column) ? $1.cells[column].count : 0) } }
        guard count > 1, let text = lengths.indices.max(by: { lengths[$0] < lengths[$1] }) else { return nil }
        let speaker = (0..<count).first { column in
            let cells = rows.compactMap { $0.cells.indices.contains(column) ? $0.cells[column] : nil }.filter { !$0.isEmpty }
            return column != text && !cells.isEmpty && cells.allSatisfy { SpeakerTag.alone($0[...]) != nil }
        }
        return speaker.map { ($0, text, false) }
    }
}
