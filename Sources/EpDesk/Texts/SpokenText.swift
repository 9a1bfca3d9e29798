import EpCore

/// A script as lines of text, of which the words of one speech can be replaced. A value without I/O.
///
/// It knows of Fountain only that an empty line ends a speech, and that a parenthetical stands on a line of its own.
struct SpokenText {
    private let lines: [String]
    private let file: String

    init(_ bytes: [UInt8], file: String) {
        // By bytes: to Swift, "\r\n" is one character.
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        self.file = file
    }

    /// The text with other words where a speech stands.
    /// - Parameters:
    ///   - number: the line in which the speech, or the words themselves, begin; from 1.
    /// - Throws: `Diagnostic` (usage) if the words do not stand there alone, or the new ones would be no speech.
    func replacing(_ old: String, with new: String, at number: Int) throws(Diagnostic) -> [UInt8] {
        let words = Self.flat(new)
        guard Self.isSpeech(words) else {
            throw Diagnostic(.usage, "\"\(words)\" is no speech", remedy: "write what is said, without brackets or marks at its beginning")
        }
        guard let range = range(of: old, from: number - 1) else {
            throw Diagnostic(
                .usage, "the words of this line do not stand by themselves in \(file):\(number)",
                remedy: "they have marks or notes in them: change the script as a whole")
        }
        let indent = lines[range.lowerBound].prefix { $0 == " " || $0 == "\t" }
        let end = lines[range.upperBound - 1].hasSuffix("\r") ? "\r" : ""
        let changed = lines[..<range.lowerBound] + ["\(indent)\(words)\(end)"] + lines[range.upperBound...]
        return Array(changed.joined(separator: "\n").utf8)
    }

    /// The lines that hold the words and nothing else, within the speech that begins at an index.
    private func range(of words: String, from first: Int) -> Range<Int>? {
        guard lines.indices.contains(first) else { return nil }
        let end = lines[first...].firstIndex { Self.flat($0).isEmpty } ?? lines.endIndex
        for start in first..<end {
            for stop in start + 1...max(start + 1, end)
            where stop <= end && lines[start..<stop].map(Self.flat).joined(separator: " ") == words {
                return start..<stop
            }
        }
        return nil
    }

    private static func flat(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    /// What a Fountain parser would take for something else than dialogue is none.
    private static func isSpeech(_ words: String) -> Bool {
        guard let first = words.first, !"([{#=>.@~!/<&".contains(first) else { return false }
        return !words.contains("[[") && !words.contains("/*")
    }
}
