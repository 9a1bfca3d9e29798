/// A text that a person wrote, of bytes that are to be UTF-8, with or without a byte-order mark.
public enum WrittenText {
    /// Without its mark.
    /// - Parameters:
    ///   - subject: what it is, for messages.
    ///   - file: how the file is shown in messages.
    /// - Throws: as ``problem(in:_:of:remedy:)`` has it.
    public static func decode(
        _ bytes: [UInt8], _ subject: String = "the file", of file: String, remedy: String = "save it as UTF-8"
    ) throws(Diagnostic) -> String {
        if let problem = problem(in: bytes, subject, of: file, remedy: remedy) { throw problem }
        return String(decoding: bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0), as: UTF8.self)
    }

    /// Why bytes are no text in UTF-8, with the place of the first that is none; nil if they are.
    public static func problem(
        in bytes: [UInt8], _ subject: String = "the file", of file: String, remedy: String = "save it as UTF-8"
    ) -> Diagnostic? {
        if let form = form(of: bytes) {
            return Diagnostic(.badInput, "\(subject) is \(form)", at: SourceLocation(file: file, line: 1, column: 1), remedy: remedy)
        }
        guard let offset = firstInvalidOffset(in: bytes) else { return nil }
        let byte = String(bytes[offset], radix: 16, uppercase: true)
        return Diagnostic(
            .badInput, "\(subject) is not UTF-8: byte 0x\(byte) fits no character", at: place(of: offset, in: bytes, file), remedy: remedy)
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What tells, in front of a file, that it is something else than text.
    private static let signs: [(bytes: [UInt8], form: String)] = [
        ([0xFF, 0xFE], "UTF-16, not UTF-8"), ([0xFE, 0xFF], "UTF-16, not UTF-8"),
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive, as Word and LibreOffice write, not plain text"),
        (Array("%PDF-".utf8), "a PDF, not plain text"), (Array(#"{\rtf"#.utf8), "RTF, not plain text"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Word document, not plain text"),
    ]

    private static func form(of bytes: [UInt8]) -> String? {
        if let sign = signs.first(where: { bytes.starts(with: $0.bytes) }) { return sign.form }
        // Latin text in UTF-16 has a zero in every other byte; no text in UTF-8 begins so.
        let zeros = bytes.prefix(4).map { $0 == 0 }
        return zeros == [false, true, false, true] || zeros == [true, false, true, false] ? signs[0].form : nil
    }

    private static func firstInvalidOffset(in bytes: [UInt8]) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    /// A line ends with a line feed, a carriage return, or both. The mark takes no column.
    private static func place(of offset: Int, in bytes: [UInt8], _ file: String) -> SourceLocation {
        var location = SourceLocation(file: file, line: 1, column: 1)
        let start = bytes.starts(with: mark) ? mark.count : 0
        for index in start..<max(start, offset) {
            let byte = bytes[index]
            if byte == 10 || (byte == 13 && bytes[index + 1] != 10) {
                (location.line, location.column) = (location.line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                location.column += 1
            }
        }
        return location
    }
}
