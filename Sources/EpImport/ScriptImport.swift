public import EpCore
import EpScript

/// A script that was written in another form, as Fountain.
///
/// Takes plain text with `NAME: text` in its forms, Markdown, Word (`.docx`), captions (SubRip, WebVTT) and Final Draft (`.fdx`).
/// Nothing is dropped in silence: what was doubtful and what was left out is told with its place. Does no I/O.
public struct ScriptImport: Sendable {
    /// The script; read again, it has exactly the lines that were found.
    public let fountain: String
    /// Warnings with their place in the source, in its order.
    public let doubts: [Diagnostic]
    /// How many lines are spoken.
    public let lineCount: Int
    /// In the order in which they speak first.
    public let speakers: [String]

    /// - Parameter file: the source's name, whose ending decides nothing that the bytes do not.
    /// - Throws: `badInput` for what cannot be read, or where nobody speaks.
    public init(_ bytes: [UInt8], named file: String) throws(Diagnostic) {
        do { try self.init(reading: bytes, file) } catch let problem as Diagnostic {
            throw problem
        } catch let problem as ZipArchive.Problem {
            throw Diagnostic(.badInput, "the document \(problem.what)", at: SourceLocation(file: file), remedy: "save it again as .docx")
        } catch let problem as XMLReader.Problem {
            throw Diagnostic(
                .badInput, "the document \(problem.what)", at: SourceLocation(file: file),
                remedy: "save it again with the program that made it")
        } catch {
            throw Diagnostic(.badInput, "\(error)", at: SourceLocation(file: file))
        }
    }

    private init(reading bytes: [UInt8], _ file: String) throws {
        let form = try SourceForm(bytes, file)
        var doubts = Doubts(file: file, unit: form.unit)
        let (pieces, titlePage) = try form.read(&doubts)
        let composed = try FountainComposer(pieces, titlePage: titlePage, doubts: &doubts)
        guard composed.lines > 0 else {
            throw Diagnostic(
                .badInput, "nobody speaks in it", at: SourceLocation(file: file), remedy: "write NAME: in front of what is to be heard")
        }
        fountain = composed.fountain
        lineCount = composed.lines
        speakers = composed.speakers
        self.doubts = doubts.diagnostics
    }
}

/// What kind of source some bytes are.
private struct SourceForm {
    private enum Kind {
        case word([UInt8])
        case finalDraft([UInt8])
        case captions(TextFile)
        case text(TextFile)
    }

    private let kind: Kind

    init(_ bytes: [UInt8], _ file: String) throws(Diagnostic) {
        if let what = Self.foreign(bytes) {
            throw Diagnostic(
                .badInput, "this is \(what)", at: SourceLocation(file: file),
                remedy: "save it as .docx, .fdx, .srt, .vtt, .md or plain text")
        }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
            kind = .word(bytes)
            return
        }
        let text = TextFile(bytes)
        let start = text.text.prefix(2_000)
        if start.contains("<FinalDraft") || (start.trimmed.hasPrefix("<?xml") && file.lowercased().hasSuffix(".fdx")) {
            kind = .finalDraft(bytes)
        } else if start.trimmed.hasPrefix("<?xml") || start.lowercased().contains("<html") {
            throw Diagnostic(
                .badInput, "this is XML or a web page", at: SourceLocation(file: file), remedy: "save it as .docx, .fdx or plain text")
        } else if file.lowercased().hasSuffix(".fountain") {
            throw Diagnostic(.badInput, "this is Fountain already", at: SourceLocation(file: file), remedy: "epbuild script \(file)")
        } else {
            kind = Captions.isCaptions(text) ? .captions(text) : .text(text)
        }
    }

    /// What a file is that cannot be read, by its first bytes.
    private static func foreign(_ bytes: [UInt8]) -> String? {
        let known: [(magic: [UInt8], what: String)] = [
            (Array("%PDF".utf8), "a PDF"), (Array("{\\rtf".utf8), "rich text (RTF)"),
            ([0xD0, 0xCF, 0x11, 0xE0], "an old Word document (.doc), or an encrypted one"),
            (Array("RIFF".utf8), "sound"), (Array("ID3".utf8), "sound"), ([0x89, 0x50, 0x4E, 0x47], "a picture"),
            ([0xFF, 0xD8, 0xFF], "a picture"),
        ]
        return known.first { bytes.starts(with: $0.magic) }?.what
    }

    /// What places in it are.
    var unit: String {
        switch kind {
        case .word, .finalDraft: "paragraph"
        case .captions: "caption"
        case .text: "line"
        }
    }

    func read(_ doubts: inout Doubts) throws -> ([Placed], [(key: String, value: String)]) {
        switch kind {
        case .word(let bytes): return dialogue(try WordDocument.read(bytes, doubts: &doubts), .init(), &doubts)
        case .finalDraft(let bytes):
            let script = try FinalDraft.read(bytes, doubts: doubts)
            doubts = script.doubts
            return (script.pieces, script.titlePage)
        case .captions(let text):
            note(text, &doubts)
            let source = Captions.read(text, doubts: &doubts)
            let isNamed = CastList(source.blocks).spelling.isEmpty == false
            if !isNamed {
                doubts.note(
                    "nobody is named: all of it is said by SPEAKER", at: nil, remedy: "write the names of who speaks into the script")
            }
            return dialogue(source, .init(splitsSentences: true, unnamedSpeaker: isNamed ? nil : "SPEAKER"), &doubts)
        case .text(let text):
            note(text, &doubts)
            return dialogue(TextBlocks.read(text, doubts: &doubts), .init(), &doubts)
        }
    }

    private func note(_ text: TextFile, _ doubts: inout Doubts) {
        if let doubt = text.doubt { doubts.note(doubt, at: nil, remedy: "save it as UTF-8 if letters are wrong") }
        if text.nulls > 0 { doubts.note("\(text.nulls) null characters are left out", at: nil, remedy: "see whether the file is damaged") }
    }

    private func dialogue(
        _ source: Source, _ manner: DialogueReader.Manner, _ doubts: inout Doubts
    ) -> ([Placed], [(key: String, value: String)]) {
        let reader = DialogueReader.read(source, manner: manner, doubts: &doubts)
        let (pieces, title) = Headings.arranged(reader.pieces)
        let isTitled = reader.titlePage.contains { $0.key.lowercased() == "title" }
        return (pieces, (isTitled ? [] : title.map { [("Title", $0)] } ?? []) + reader.titlePage)
    }
}
