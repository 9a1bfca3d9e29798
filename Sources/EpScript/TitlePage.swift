/// The title page: the `Key: value` lines at the top, up to the first empty line.
///
/// A value stands after its key or, indented, on the lines below it. As prose too may begin with a word and a colon, a
/// block that holds anything else is a title page only if it begins with one of the usual keys, and one that holds none of them
/// is none: names with colons are dialogue, to a person.
struct TitlePage {
    /// An entry whose place is not known yet.
    struct Entry {
        let key: String
        fileprivate(set) var values: [String]
        fileprivate(set) var bytes: Range<Int>

        func located(by cursor: inout Cursor, in source: [UInt8]) -> TitlePageEntry {
            TitlePageEntry(key: key, values: values, span: cursor.span(bytes, in: source))
        }
    }

    private(set) var entries: [Entry] = []
    /// The first line that is not of the title page.
    private(set) var end: Int

    static let usualKeys: Set<String> = [
        "title", "subtitle", "credit", "credits", "author", "authors", "written by", "source", "based on", "note", "notes", "draft",
        "draft date", "date",
        "contact", "copyright", "revision", "version", "show", "series", "season", "episode", "number", "topic", "summary", "logline",
        "description",
        "genre", "language", "keywords", "format", "font", "header", "footer", "watermark",
    ]

    init(_ source: [UInt8], _ layout: Layout, from first: Int) {
        end = first
        while end < layout.lines.count, let line = Self.line(end, source, layout), add(line, source, layout) { end += 1 }
        let isWhole = end >= layout.lines.count || Self.line(end, source, layout) == nil
        let usual = entries.map { Self.usualKeys.contains($0.key.lowercased()) }
        if isWhole ? !usual.contains(true) : usual.first != true {
            entries = []
            end = first
        }
    }

    /// Whether the line belongs to the title page; then it is part of it now.
    private mutating func add(_ line: ArraySlice<UInt8>, _ source: [UInt8], _ layout: Layout) -> Bool {
        if line.first?.isBlank == true {
            guard !entries.isEmpty else { return false }
            entries[entries.count - 1].values.append(Self.value(line))
            entries[entries.count - 1].bytes = entries[entries.count - 1].bytes.lowerBound..<line.endIndex
            return true
        }
        guard let key = Self.key(of: line) else { return false }
        let value = Self.value(line[(key.endIndex + 1)...])
        let name = key.trimmed.text
        if value.isEmpty, Capitals.isAll(key), !Self.usualKeys.contains(name.lowercased()) {
            // `FADE IN:` is none, unless a value follows.
            guard Self.line(end + 1, source, layout)?.first?.isBlank == true else { return false }
        }
        entries.append(Entry(key: name, values: value.isEmpty ? [] : [value], bytes: line.startIndex..<line.endIndex))
        return true
    }

    /// What stands before the colon, if a line may be a key's.
    static func key(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let key = line.prefix(61).prefix { $0 != UInt8(ascii: ":") }
        guard let first = key.first, first.isAlphanumeric, !first.isDigit, key.endIndex < line.endIndex,
            line[key.endIndex] == UInt8(ascii: ":"), !key.contains(where: isOfMark),
            key.endIndex + 1 == line.endIndex || line[key.endIndex + 1].isBlank,
            !(key.count == 3 && key.ends(with: "SFX")), !(key.count == 5 && key.ends(with: "MUSIC")),
            !SceneHeading.hasPrefix(line)
        else { return nil }
        return key
    }

    private static func isOfMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "*")
            || byte.isLineEnd
    }

    /// A line without white space at its end, or nil if it is empty.
    private static func line(_ index: Int, _ source: [UInt8], _ layout: Layout) -> ArraySlice<UInt8>? {
        guard index < layout.lines.count else { return nil }
        let line = source[layout.lines[index].bytes].trimmedBack
        return line.isEmpty ? nil : line
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.trimmed.withoutCarriageReturns.text
    }
}
