/// What `pdftotext -bbox-layout` tells of a PDF: blocks of lines of words, each with its box, in the order in which they are read.
///
/// What is set larger than the rest is a heading. What stands at the edge of page after page is no part of the text.
struct PDFDocument {
    struct Line {
        let text: String
        let height: Double
        /// From 0, the top of its page, to 1.
        let place: Double
        let page: Int
    }

    static func read(_ bytes: [UInt8]) throws -> Document {
        let boxes = PDFBoxes()
        // Letters that XML does not have: of a damaged font.
        let clean = bytes.filter { $0 >= 32 || $0 == 10 || $0 == 9 || $0 == 13 }
        let start = clean.firstRange(of: Array("<html".utf8))?.lowerBound ?? 0
        try XMLReader.read(Array(clean[start...]), boxes)
        return PDFDocument(boxes).document()
    }

    private let boxes: PDFBoxes
    private let bodyHeight: Double
    private let edges: Set<String>

    private init(_ boxes: PDFBoxes) {
        self.boxes = boxes
        let lines = boxes.blocks.flatMap(\.self)
        var letters: [Double: Int] = [:]
        for line in lines { letters[Self.rounded(line.height), default: 0] += line.text.count }
        bodyHeight = letters.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
        edges = Self.edges(lines, pages: boxes.pageCount)
    }

    private static func rounded(_ height: Double) -> Double { (height * 2).rounded() / 2 }

    /// What runs along the edge: the same words, whatever numbers stand in them, on three pages or on all of two.
    private static func edges(_ lines: [Line], pages: Int) -> Set<String> {
        var seen: [String: Set<Int>] = [:]
        for line in lines where line.place < 0.09 || line.place > 0.91 { seen[key(line.text), default: []].insert(line.page) }
        return Set(seen.filter { $0.value.count >= min(3, max(2, pages)) }.keys)
    }

    private static func key(_ text: String) -> String { text.filter { !$0.isNumber && !$0.isWhitespace }.lowercased() }

    private func isEdge(_ line: Line) -> Bool {
        guard line.place < 0.09 || line.place > 0.91 else { return false }
        return edges.contains(Self.key(line.text)) || line.text.allSatisfy { $0.isNumber || "-–— ".contains($0) }
    }

    private func document() -> Document {
        var document = Document()
        document.title = boxes.title.folded
        let sizes = Set(boxes.blocks.flatMap(\.self).map { Self.rounded($0.height) }.filter { $0 >= bodyHeight * 1.15 }).sorted(by: >)
        var items: [String] = []
        func endItems() {
            if !items.isEmpty { document.add(.list(items)) }
            items = []
        }
        for block in boxes.blocks {
            let kept = block.filter { !isEdge($0) }
            if kept.count < block.count { document.drop("what runs along the edges of the pages: headings and numbers") }
            guard let first = kept.first else { continue }
            let text = Self.joined(kept.map(\.text))
            let height = Self.rounded(kept.map(\.height).min() ?? 0)
            if height >= bodyHeight * 1.15, Prose.wordCount(text) <= 18, let level = sizes.firstIndex(of: Self.rounded(first.height)) {
                endItems()
                document.add(.heading(level: min(level + 1, 6)), text)
            } else if let points = Self.items(kept.map(\.text)) {
                items += points
            } else {
                endItems()
                document.add(.paragraph, text)
            }
        }
        endItems()
        document.preferHeading()
        return document
    }

    /// Lines as one text: a word that is divided at the end of a line is one word.
    private static func joined(_ lines: [String]) -> String {
        var text = ""
        for line in lines {
            if text.hasSuffix("-"), let last = text.dropLast().last, last.isLetter, let next = line.first, next.isLowercase {
                text.removeLast()
                text += line
            } else {
                text += (text.isEmpty ? "" : " ") + line
            }
        }
        return text.folded
    }

    /// The points of a block whose first line begins with a mark; nil if it is none.
    private static func items(_ lines: [String]) -> [String]? {
        func isPoint(_ line: String) -> Bool { LineMarks.withoutList(line[...]).count < line.count && !line.first.isNumberOrNil }
        guard let first = lines.first, isPoint(first) else { return nil }
        var items: [[String]] = []
        for line in lines {
            if isPoint(line) { items.append([String(LineMarks.withoutList(line[...]))]) } else { items[items.count - 1].append(line) }
        }
        return items.map(joined)
    }
}

extension Character? {
    fileprivate var isNumberOrNil: Bool { self?.isNumber ?? true }
}

/// The boxes as they are read.
private final class PDFBoxes: XMLHandler {
    private(set) var blocks: [[PDFDocument.Line]] = []
    private(set) var title = ""
    private(set) var pageCount = 0
    private var lines: [PDFDocument.Line] = []
    private var words: [(text: String, height: Double)] = []
    private var pageHeight = 1.0
    private var top = 0.0
    private var open = ""

    func begin(_ name: String, _ attributes: [String: String]) {
        func number(_ key: String) -> Double { attributes[key].flatMap(Double.init) ?? 0 }
        open = name
        switch name {
        case "page":
            pageCount += 1
            pageHeight = max(1, number("height"))
        case "block": lines = []
        case "line":
            words = []
            top = number("yMin")
        case "word": words.append(("", number("yMax") - number("yMin")))
        default: break
        }
    }

    func end(_ name: String) {
        open = ""
        if name == "line" {
            let text = words.map(\.text).joined(separator: " ").folded
            let heights = words.map(\.height).sorted()
            if !text.isEmpty {
                lines.append(PDFDocument.Line(text: text, height: heights[heights.count / 2], place: top / pageHeight, page: pageCount))
            }
        } else if name == "block", !lines.isEmpty {
            blocks.append(lines)
        }
    }

    func text(_ text: String) {
        if open == "word", !words.isEmpty { words[words.count - 1].text += text }
        if open == "title" { title += text }
    }
}
