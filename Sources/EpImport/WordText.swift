/// The paragraphs of a Word document in their order, with insertions and without deletions.
final class WordText: XMLHandler {
    private(set) var blocks: [Block] = []
    private(set) var doubts: Doubts

    private let styles: [String: String]
    private var path: [String] = []
    /// Text boxes stand inside of paragraphs.
    private var paragraphs: [Paragraph] = []
    private var tables: [Table] = []
    private var count = 0

    private struct Paragraph {
        let place: Place
        var text = ""
        var style = ""
        var outline: Int?
        var isBold = false
        var isHidden = false
        /// Whether all that was written so far is bold.
        var boldLength = 0
        var deleted = ""
        var hidden = ""
    }

    private struct Table {
        var rows: [TableRows.Row] = []
        var cells: [String] = []
        var cell: [String] = []
    }

    init(_ styles: [String: String], _ doubts: Doubts) {
        self.styles = styles
        self.doubts = doubts
    }

    func begin(_ name: String, _ attributes: [String: String]) {
        path.append(name)
        // The same again, for older programs.
        if path.contains("Fallback") { return }
        switch name {
        case "p":
            count += 1
            paragraphs.append(Paragraph(place: Place(count)))
        case "tbl": tables.append(Table())
        case "tr": change { $0.cells = [] }
        case "tc": change { $0.cell = [] }
        case "r": write { ($0.isBold, $0.isHidden) = (false, false) }
        case "b" where path.contains("r"): write { $0.isBold = Self.isOn(attributes) }
        case "vanish" where path.contains("r"): write { $0.isHidden = Self.isOn(attributes) }
        case "pStyle": write { $0.style = styles[attributes["val"] ?? ""] ?? (attributes["val"] ?? "").lowercased() }
        case "outlineLvl": write { $0.outline = Int(attributes["val"] ?? "") }
        case "strike", "dstrike":
            if path.contains("r"), Self.isOn(attributes) { doubts.note(.struck, at: place) }
        case "hyperlink" where attributes["id"] != nil: doubts.note(.address, at: place)
        case "tab" where path.dropLast().last == "r": add("\t")
        case "br", "cr": add("\n")
        case "noBreakHyphen": add("-")
        default:
            if let what = Self.unreadable[name] {
                doubts.note("\(what) is left out", at: place, remedy: "write its words into the text if they are to be heard")
            }
        }
    }

    /// What has words, perhaps, or stands for one.
    private static let unreadable = [
        "pic": "a picture", "imagedata": "a picture", "object": "an embedded object", "altChunk": "an embedded document",
        "chart": "a chart", "relIds": "a diagram", "sym": "a symbol",
        "rt": "the reading above a word",
    ]

    private var place: Place { paragraphs.last?.place ?? Place(max(1, count)) }

    func text(_ text: String) {
        if path.last == "delText" || (path.last == "t" && isInside(["del", "moveFrom"])) {
            if !path.contains("Fallback") { write { $0.deleted += text } }
        } else if path.last == "t" {
            add(text)
        }
    }

    func end(_ name: String) {
        let isFallback = path.contains("Fallback")
        path.removeLast()
        if isFallback { return }
        switch name {
        case "p": if let paragraph = paragraphs.popLast() { end(paragraph) }
        case "tc": change { $0.cells.append($0.cell.joined(separator: " ")) }
        case "tr":
            let place = Place(count)
            change { if $0.cells.contains(where: { !$0.isEmpty }) { $0.rows.append(TableRows.Row(cells: $0.cells, place: place)) } }
        case "tbl": if let table = tables.popLast() { end(table) }
        default: break
        }
    }

    // MARK: parts

    private static func isOn(_ attributes: [String: String]) -> Bool { !["0", "false", "off", "none"].contains(attributes["val"] ?? "") }

    private func isInside(_ names: Set<String>) -> Bool { path.contains(where: names.contains) }

    private func write(_ change: (inout Paragraph) -> Void) {
        if let last = paragraphs.indices.last { change(&paragraphs[last]) }
    }

    private func change(_ change: (inout Table) -> Void) {
        if let last = tables.indices.last { change(&tables[last]) }
    }

    private func add(_ text: String) {
        if isInside(["Fallback", "del", "moveFrom", "instrText", "rt"]) { return }
        write { paragraph in
            if paragraph.isHidden { return paragraph.hidden += text }
            if paragraph.isBold, paragraph.boldLength == paragraph.text.count { paragraph.boldLength += text.count }
            paragraph.text += text
        }
    }

    private func end(_ paragraph: Paragraph) {
        if !paragraph.deleted.trimmed.isEmpty {
            doubts.note(
                "\(paragraph.deleted.folded.excerpt) is deleted in the tracked changes, and left out", at: paragraph.place,
                remedy: "reject the deletion in Word if it is wanted")
        }
        if !paragraph.hidden.trimmed.isEmpty {
            doubts.note(
                "the hidden text \(paragraph.hidden.folded.excerpt) is left out", at: paragraph.place,
                remedy: "make it visible in Word if it is wanted")
        }
        if !tables.isEmpty, path.contains("tc") {
            let text = paragraph.text.folded
            if !text.isEmpty { change { $0.cell.append(text) } }
            return
        }
        if paragraph.style.hasPrefix("toc ") {
            if !paragraph.text.trimmed.isEmpty {
                doubts.note(
                    "\(paragraph.text.folded.excerpt) in the table of contents is left out", at: paragraph.place,
                    remedy: "nothing: the chapters have their headings")
            }
            return
        }
        if paragraph.text.trimmed.isEmpty {
            // The rest of a deleted paragraph separates nothing.
            if paragraph.deleted.isEmpty, blocks.last?.kind != .blank { blocks.append(Block(.blank, at: paragraph.place)) }
            return
        }
        if let level = level(of: paragraph) {
            return blocks.append(Block(.heading(level: level), paragraph.text.folded, at: paragraph.place))
        }
        let lines = paragraph.text.split(separator: "\n")
        for (index, line) in lines.enumerated() {
            var block = Block(.text, String(line), at: paragraph.place, isParagraph: index == 0)
            if index == 0 { block.boldLength = min(paragraph.boldLength, line.count) }
            blocks.append(block)
        }
    }

    private func end(_ table: Table) {
        // A table within a cell is words of the cell.
        if !tables.isEmpty {
            change { $0.cell += table.rows.flatMap(\.cells).filter { !$0.isEmpty } }
        } else {
            blocks += TableRows(table.rows).blocks(&doubts)
        }
    }

    private func level(of paragraph: Paragraph) -> Int? {
        if paragraph.style == "title" { return 1 }
        if paragraph.style.hasPrefix("heading ") || paragraph.style.hasPrefix("heading"),
            let level = Int(paragraph.style.drop { !$0.isNumber })
        {
            return max(1, min(level, 6))
        }
        return paragraph.outline.flatMap { $0 < 6 ? $0 + 1 : nil }
    }
}
