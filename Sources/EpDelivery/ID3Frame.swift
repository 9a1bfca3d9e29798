/// One frame of an ID3v2.3 tag: an identifier of four letters and a body.
struct ID3Frame {
    let id: String
    let body: [UInt8]

    /// The frame with its header; sizes of frames are plain 32-bit numbers in version 2.3, not syncsafe.
    var bytes: [UInt8] { Array(id.utf8) + UInt32(body.count).bigEndianBytes + [0, 0] + body }

    /// A text frame; nil for an empty text, because an empty frame says less than none.
    static func text(_ id: String, _ text: String?) -> ID3Frame? {
        guard let text = text?.singleLine, !text.isEmpty else { return nil }
        let encoding = ID3Encoding(for: [text])
        return ID3Frame(id: id, body: [encoding.rawValue] + encoding.bytes(text))
    }

    /// `TXXX`: a text of one's own, with its name.
    static func userText(_ name: String, _ text: String?) -> ID3Frame? {
        guard let text = text?.singleLine, !text.isEmpty else { return nil }
        let encoding = ID3Encoding(for: [name, text])
        return ID3Frame(id: "TXXX", body: [encoding.rawValue] + encoding.terminated(name) + encoding.bytes(text))
    }

    /// `COMM`: a comment, which may have several lines.
    static func comment(_ text: String, language: ISO639) -> ID3Frame? {
        let text = text.multiLine
        guard !text.isEmpty else { return nil }
        let encoding = ID3Encoding(for: [text])
        return ID3Frame(
            id: "COMM",
            body: [encoding.rawValue] + Array(language.code.utf8) + encoding.terminated("") + encoding.bytes(text))
    }

    /// `APIC`: the front cover.
    static func cover(_ image: CoverImage) -> ID3Frame {
        let frontCover: UInt8 = 3
        let latin1 = ID3Encoding.latin1
        return ID3Frame(
            id: "APIC",
            body: [latin1.rawValue] + latin1.terminated(image.format.rawValue) + [frontCover] + latin1.terminated("")
                + image.bytes)
    }

    /// `CHAP`: a chapter from one millisecond to another; byte offsets are left out (all ones), so times count.
    static func chapter(_ id: String, _ mark: ChapterMark) -> ID3Frame {
        let times = [mark.start, mark.end].flatMap { UInt32(clamping: $0.milliseconds).bigEndianBytes }
        let offsets = [UInt8](repeating: 0xFF, count: 8)
        let title = text("TIT2", mark.title)?.bytes ?? []
        return ID3Frame(id: "CHAP", body: ID3Encoding.latin1.terminated(id) + times + offsets + title)
    }

    /// `CTOC`: the table of contents, top-level and ordered. It can count to 255.
    static func contents(_ id: String, of chapters: [String], title: String) -> ID3Frame {
        let topLevelAndOrdered: UInt8 = 0b11
        let children = chapters.prefix(255)
        let latin1 = ID3Encoding.latin1
        return ID3Frame(
            id: "CTOC",
            body: latin1.terminated(id) + [topLevelAndOrdered, UInt8(children.count)]
                + children.flatMap { latin1.terminated($0) } + (text("TIT2", title)?.bytes ?? []))
    }
}

/// How texts of one frame are written: ISO 8859-1 if that has all their characters, else UTF-16 with a byte-order mark.
enum ID3Encoding: UInt8 {
    case latin1 = 0
    case utf16 = 1

    init(for texts: [String]) {
        self = texts.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value <= 0xFF } } ? .latin1 : .utf16
    }

    func bytes(_ text: String) -> [UInt8] {
        switch self {
        case .latin1: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        case .utf16: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        }
    }

    /// The text with the zero that ends it where something follows.
    func terminated(_ text: String) -> [UInt8] { bytes(text) + (self == .latin1 ? [0] : [0, 0]) }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}
