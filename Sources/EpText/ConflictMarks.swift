/// The marks that a merge leaves where a person must decide.
public enum ConflictMarks {
    /// The line, from 1, of the first `<<<<<<<` that a `=======` and then a `>>>>>>>` follow; nil if there is none.
    ///
    /// A line of `=======` alone underlines a heading in Markdown and forces nothing in Fountain: it is no mark by itself.
    public static func find(in text: [UInt8]) -> Int? {
        let lines = TextLines(text.starts(with: byteOrderMark) ? Array(text.dropFirst(byteOrderMark.count)) : text).lines
        guard let start = lines.firstIndex(where: { isMark("<", $0) }),
            let middle = lines[start...].firstIndex(where: { $0.content.elementsEqual("=======".utf8) }),
            lines[middle...].contains(where: { isMark(">", $0) })
        else { return nil }
        return start + 1
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Seven signs, and a name after a space unless there is no name.
    private static func isMark(_ sign: Unicode.Scalar, _ line: ArraySlice<UInt8>) -> Bool {
        let content = line.content
        guard content.count >= 7, content.prefix(7).allSatisfy({ $0 == UInt8(ascii: sign) }) else { return false }
        return content.count == 7 || content.dropFirst(7).first == UInt8(ascii: " ")
    }
}
