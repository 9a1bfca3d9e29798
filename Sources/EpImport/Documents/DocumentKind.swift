public import EpCore

/// What form a document has: told by what is in it, not by the ending of its name.
public enum DocumentKind: String, Sendable, CaseIterable {
    case markdown, html, pdf, epub, word, captions, transcript
    /// A list of scenes in YAML: the form that all others are brought into.
    case scenes
    /// Questions and what a person has answered, in YAML.
    case answers

    /// Larger documents are no documents.
    public static let mostBytes = 64 << 20

    /// - Parameter file: the document's name, for messages.
    /// - Throws: `badInput` for what is no document, or none that can be read.
    public init(_ bytes: [UInt8], named file: String) throws(Diagnostic) {
        let place = SourceLocation(file: file)
        guard bytes.count <= Self.mostBytes else {
            throw Diagnostic(
                .badInput, "the document has more than \(Self.mostBytes >> 20) MB", at: place, remedy: "give the part of it that is wanted")
        }
        guard bytes.contains(where: { $0 > 32 }) else {
            throw Diagnostic(.badInput, "the document is empty", at: place, remedy: "write something into it")
        }
        if let what = Self.foreign(bytes) {
            throw Diagnostic(
                .badInput, "this is \(what), and no document", at: place,
                remedy: "give Markdown, HTML, PDF, EPUB, Word (.docx), captions, a transcript or a list of scenes")
        }
        if bytes.prefix(1024).firstRange(of: Array("%PDF-".utf8)) != nil { self = .pdf } else if bytes.starts(with: [0x50, 0x4B]) {
            self = try Self.archive(bytes, place)
        } else {
            self = Self.text(TextFile(Array(bytes.prefix(256 << 10))))
        }
    }

    private static func archive(_ bytes: [UInt8], _ place: SourceLocation) throws(Diagnostic) -> DocumentKind {
        let names: [String]
        do throws(ZipArchive.Problem) {
            names = try ZipArchive(bytes).names
        } catch {
            throw Diagnostic(.badInput, "the document \(error.what)", at: place, remedy: "make it again with the program that made it")
        }
        if names.contains("META-INF/container.xml") { return .epub }
        if names.contains(where: { $0.hasPrefix("word/") }) { return .word }
        throw Diagnostic(
            .badInput, "this is a ZIP archive, and neither EPUB nor Word", at: place, remedy: "give the document that is in it")
    }

    private static func text(_ file: TextFile) -> DocumentKind {
        let start = file.text.drop(while: \.isWhitespace)
        if Captions.isCaptions(file) { return .captions }
        let head = start.prefix(4_000).lowercased()
        if head.hasPrefix("<!doctype html") || head.hasPrefix("<html") || head.hasPrefix("<?xml") && head.contains("<html") { return .html }
        if head.hasPrefix("<"), ["<body", "<main", "<article", "<head", "<h1", "<p>", "<div", "<section"].contains(where: head.contains) {
            return .html
        }
        if start.hasPrefix("{") || start.hasPrefix("[") { return json(start) }
        let lines = file.text.split(separator: "\n").prefix(400)
        // A list of scenes says so in a line that begins where lines begin; in a text, such a line has words behind it.
        func says(_ key: String) -> Bool {
            lines.contains {
                $0 == "\(key):" || $0.hasPrefix("\(key): [")
                    || $0.hasPrefix("\(key):") && $0.dropFirst(key.count + 1).trimmed.hasPrefix("#")
            }
        }
        if !start.hasPrefix("#") || start.hasPrefix("# ") && lines.contains(where: { $0.hasPrefix("scenes:") || $0.hasPrefix("answers:") })
        {
            if says("scenes") { return .scenes }
            if says("answers") || lines.first(where: { !$0.hasPrefix("#") })?.hasPrefix("- question:") == true { return .answers }
        }
        return .markdown
    }

    /// JSON is read as YAML, so it may be either of three.
    private static func json(_ start: Substring) -> DocumentKind {
        let head = start.prefix(20_000)
        if head.contains("\"scenes\"") { return .scenes }
        if head.contains("\"question\"") { return .answers }
        // A link at the beginning of a text is no JSON.
        let next = start.dropFirst().first { !$0.isWhitespace }
        return next == "\"" || next == "{" || next == "[" ? .transcript : .markdown
    }

    /// What a file is that holds no words, by its first bytes.
    private static func foreign(_ bytes: [UInt8]) -> String? {
        let known: [(magic: [UInt8], what: String)] = [
            (Array("{\\rtf".utf8), "rich text (RTF)"), ([0xD0, 0xCF, 0x11, 0xE0], "an old Word document (.doc), or an encrypted one"),
            (Array("RIFF".utf8), "sound or a film"),
            (Array("ID3".utf8), "sound"), ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0xFF, 0xD8, 0xFF], "a picture"),
            (Array("GIF8".utf8), "a picture"),
            (Array("OggS".utf8), "sound or a film"), (Array("fLaC".utf8), "sound"), ([0x1A, 0x45, 0xDF, 0xA3], "a film"),
            ([0x1F, 0x8B], "a packed file (gzip)"),
            ([0x7F, 0x45, 0x4C, 0x46], "a program"),
        ]
        if bytes.count > 11, bytes[4..<8].elementsEqual(Array("ftyp".utf8)) { return "sound or a film" }
        return known.first { bytes.starts(with: $0.magic) }?.what
    }
}
