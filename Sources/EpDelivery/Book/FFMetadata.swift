/// Tags and chapters as ffmpeg reads them (the format `ffmetadata`).
public struct FFMetadata: Sendable {
    public let text: String

    /// - Parameters:
    ///   - tags: those without a value are left out.
    ///   - chapters: titles and lengths, in samples.
    ///   - rate: samples a second.
    public init(tags: [(key: String, value: String)], chapters: [(title: String, length: Int)], rate: Int) {
        var lines = [";FFMETADATA1"]
        for tag in tags where !tag.value.singleLine.isEmpty { lines.append("\(tag.key)=\(Self.escape(tag.value))") }
        var start = 0
        for chapter in chapters {
            lines += [
                "[CHAPTER]", "TIMEBASE=1/\(rate)", "START=\(start)", "END=\(start + chapter.length)", "title=\(Self.escape(chapter.title))",
            ]
            start += chapter.length
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// On one line, with a backslash before what would be read as a mark.
    private static func escape(_ text: String) -> String {
        text.singleLine.reduce(into: "") { result, character in
            if "=;#\\".contains(character) { result += "\\" }
            result.append(character)
        }
    }
}
