public import EpCore

/// Documents of other forms, as scenes. Does no I/O.
public struct DocumentReading: Sendable {
    /// Part of what makes a list of scenes: another revision may read the same document otherwise.
    public static let revision = "1"

    /// What a scene may say at most, in words, if it can be cut between sentences.
    public var longestWords = 90
    /// The directory of the document below the episode: pictures are named relative to it.
    public var directory = ""

    public init() {}

    /// The scenes of a document.
    /// - Parameters:
    ///   - bytes: of a PDF, what `pdftotext -bbox-layout` has made of it; of a Word document, the Markdown that pandoc has.
    ///   - value: of a transcript, what its JSON says.
    ///   - file: the document's name, for messages.
    /// - Throws: `badInput` for what cannot be read, or has no words.
    public func scenes(of bytes: [UInt8], _ kind: DocumentKind, value: Value? = nil, named file: String) throws(Diagnostic) -> SceneList {
        let place = SourceLocation(file: file)
        let document: Document
        do {
            guard let read = try read(bytes, kind, value, file) else {
                throw Diagnostic(
                    .badInput, "this JSON is no transcript: it has neither `words` with times, nor `segments`, nor `text`", at: place,
                    remedy: "give what `transcribe` makes, or write `{ \"text\": … }`")
            }
            document = read
        } catch let problem as Diagnostic {
            throw problem
        } catch {
            throw Diagnostic(.badInput, "the document \(Self.what(error))", at: place,
                remedy: "make it again with the program that made it, or give it in another form")
        }
        var manner = SceneComposer.Manner()
        (manner.longestWords, manner.directory) = (longestWords, directory)
        let list = SceneComposer.scenes(of: document, manner)
        guard !list.scenes.isEmpty else { throw Self.empty(kind, place) }
        return list
    }

    private func read(_ bytes: [UInt8], _ kind: DocumentKind, _ value: Value?, _ file: String) throws -> Document? {
        switch kind {
        case .markdown, .word: return MarkdownDocument.read(TextFile(bytes).text)
        case .html: return try HTMLDocument.read(bytes.count > HTMLDocument.mostBytes ? bytes : Array(TextFile(bytes).text.utf8))
        case .pdf: return try PDFDocument.read(bytes)
        case .epub: return try EPUBDocument.read(bytes)
        case .captions: return SpokenDocument.read(captions: TextFile(bytes), file)
        case .transcript: return value.flatMap { SpokenDocument.read(transcript: $0) }
        case .scenes, .answers: return nil
        }
    }

    private static func what(_ error: any Error) -> String {
        switch error {
        case let problem as ZipArchive.Problem: problem.what
        case let problem as XMLReader.Problem: problem.what
        case let problem as HTMLDocument.Problem: problem.what
        case let problem as EPUBDocument.Problem: problem.what
        default: "cannot be read: \(error)"
        }
    }

    private static func empty(_ kind: DocumentKind, _ place: SourceLocation) -> Diagnostic {
        if kind == .pdf {
            return Diagnostic(
                .badInput, "there are no words in this PDF: its pages are pictures", at: place,
                remedy: "have them read first, with ocrmypdf say, or give the text in another form")
        }
        return Diagnostic(
            .badInput, "there are no words in this document", at: place, remedy: "write something into it, or give another one")
    }

    /// The scenes of answers that a person has given: one for each question.
    public func scenes(of answers: [(question: String, answer: [String])], title: String, language: String) -> SceneList {
        var document = Document()
        (document.title, document.language) = (title, language)
        for (question, answer) in answers {
            document.add(.heading(level: 2), question.folded)
            if answer.count > 1 {
                document.add(.list(answer.map(\.folded)))
            } else {
                answer.first?.split(separator: "\n\n").forEach { document.add(.paragraph, $0.folded) }
            }
        }
        var manner = SceneComposer.Manner()
        manner.longestWords = longestWords
        return SceneComposer.scenes(of: document, manner)
    }
}
