public import EpCore
public import EpEngine
import EpHistory

/// The texts of an episode as a person reads and changes them, wherever that person sits.
extension Desk {
    /// The texts that a person may change, in the order of the pipeline.
    public func texts(of inspection: Inspection) throws(Diagnostic) -> [EpisodeText] { try builder.texts(in: inspection) }

    /// One text, by the target that it is.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public func text(of target: Target, in inspection: Inspection) throws(Diagnostic) -> EpisodeText {
        let texts = try texts(of: inspection)
        if let text = texts.first(where: { $0.target == target }) { return text }
        throw Diagnostic(
            .usage, "\(target) is no text that can be changed",
            remedy: Suggestion.remedy(for: target.description, in: texts.map(\.target.description)))
    }

    /// Writes a text in place of the one that the person has read.
    /// - Parameters:
    ///   - bytes: the new text; UTF-8.
    ///   - digest: the SHA-256 of the text that was read, as hexadecimal digits.
    /// - Returns: the text as it stands now.
    /// - Throws: `Diagnostic` (usage) if another stands there by now; then nothing is changed.
    public func save(_ bytes: [UInt8], as target: Target, read digest: String, in inspection: Inspection) throws(Diagnostic) -> EpisodeText
    {
        let text = try text(of: target, in: inspection)
        guard text.digest.hex == digest else { throw StaleText(text).diagnostic }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Diagnostic(.usage, "the text is no UTF-8") }
        try builder.save(bytes, over: text, at: inspection.place)
        record(.edit, target, of: inspection.place, note: text.file)
        return EpisodeText(text, bytes)
    }

    /// Changes the words of one spoken line where it is written, and nothing around it.
    /// - Parameters:
    ///   - words: what is to be said; on one line.
    ///   - old: what the person has read there.
    /// - Throws: `Diagnostic` (usage) if the line is no line of a script, or says something else by now.
    public func say(_ words: String, inPlaceOf old: String, as target: Target, in inspection: Inspection) throws -> EpisodeText {
        guard let line = try lines(of: inspection).first(where: { $0.target == target }), let place = line.title.place, place.line > 0
        else {
            throw Diagnostic(.usage, "\(target) is no line of a script", remedy: "`epbuild lines` tells the lines")
        }
        let shown = builder.shown(inspection.place)
        let texts = try texts(of: inspection)
        guard
            let text = texts.first(where: {
                place.file == "\(shown)/\($0.file)" || place.file == "\(inspection.place.directory)/\($0.file)"
            })
        else {
            throw Diagnostic(.usage, "\(place.file) is no text that can be changed here", remedy: "change it in an editor")
        }
        guard line.title.words == old else { throw StaleText(text).diagnostic }
        let bytes = try SpokenText(text.bytes, file: text.file).replacing(old, with: words, at: place.line)
        try builder.save(bytes, over: text, at: inspection.place)
        record(.edit, target, of: inspection.place, note: "\(text.file):\(place.line)")
        return EpisodeText(text, bytes)
    }

    /// A blob of the cache, checked; nil if it is missing or damaged.
    /// - Parameter hex: 64 lower-case hexadecimal digits; nothing else is looked for.
    public func blob(sha256 hex: String) throws(Diagnostic) -> (any RandomAccessBytes & Sendable)? { try builder.blob(sha256: hex) }

    /// The same desk for another person: whatever is decided at it bears that name.
    public func acting(as name: String) -> Desk {
        Desk(builder, surroundings: surroundings, personName: { name }, readers: readers, warn: warn)
    }
}

/// A text that is not what the person has read.
private struct StaleText {
    let diagnostic: Diagnostic

    init(_ text: EpisodeText) {
        diagnostic = Diagnostic(.usage, "\(text.file) has been changed meanwhile", remedy: "read it again, and bring both together")
    }
}

extension EpisodeText {
    fileprivate init(_ text: EpisodeText, _ bytes: [UInt8]) {
        self.init(
            target: text.target, file: text.file, origin: text.origin == .generated ? .edited : text.origin, digest: Digest(of: bytes),
            bytes: bytes)
    }

    /// As the server's API gives it: docs/server.md.
    /// - Parameter isWhole: with the text itself.
    public func value(isWhole: Bool) -> Value {
        .object([
            .init("target", .string(target.description)), .init("file", .string(file)), .init("origin", .string(origin.rawValue)),
            .init("sha256", .string(digest.hex)), .init("size", .int(digest.size)),
        ] + (isWhole ? [.init("text", .string(String(decoding: bytes, as: UTF8.self)))] : []))
    }
}
