import Glibc

/// What a program has printed: the last lines.
struct ProgramMessages: Sendable {
    /// What of them is shown.
    private static let shownBytes = 2000
    private static let shownLines = 12

    private let text: String

    /// The end of a file.
    init(end file: Int32) {
        let size = lseek(file, 0, SEEK_END)
        guard size > 0 else {
            self.init("")
            return
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.shownBytes) { buffer, count in
            count = max(0, pread(file, buffer.baseAddress, buffer.count, max(0, size - buffer.count)))
        }
        self.init(String(decoding: bytes, as: UTF8.self))
    }

    init(_ text: String) { self.text = text }

    /// As they were printed: of a failure, everything may matter.
    var lines: [String] { text.unicodeScalars.split(separator: "\n").suffix(Self.shownLines).map { String(Substring($0)) } }

    /// As they would stand on a terminal.
    var plainLines: [String] { Array(Self.plain(text).suffix(Self.shownLines)) }

    /// Its lines as they would stand on a terminal in the end: what a carriage return overwrites is gone, and so are commands to the
    /// terminal. Empty ones are left out.
    static func plain(_ text: String) -> [String] {
        text.unicodeScalars.split(separator: "\n").compactMap { line in
            let last = line.split(separator: "\r").last ?? line
            let text = String(withoutCommands(last)).trimmingSuffix { $0.isWhitespace }
            return text.allSatisfy(\.isWhitespace) ? nil : String(text)
        }
    }

    /// Without escape sequences (ECMA-48) and control characters, also those of the second half of Latin 1, and those that turn the
    /// direction of writing.
    private static func withoutCommands(_ line: Substring.UnicodeScalarView) -> String.UnicodeScalarView {
        var kept = String.UnicodeScalarView()
        var rest = line
        while let scalar = rest.popFirst() {
            switch scalar.value {
            case 0x1B: skipSequence(&rest)
            case 0x9B: skipControlSequence(&rest)
            case 0x90, 0x98, 0x9D...0x9F: skipString(&rest)
            case 9: kept.append(contentsOf: "    ".unicodeScalars)
            case ..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: break
            default: kept.append(scalar)
            }
        }
        return kept
    }

    private static func skipSequence(_ rest: inout Substring.UnicodeScalarView) {
        switch rest.popFirst() {
        case "[": skipControlSequence(&rest)
        case "]", "P", "X", "^", "_": skipString(&rest)
        case let scalar? where (0x20...0x2F).contains(scalar.value):
            while let next = rest.popFirst(), (0x20...0x2F).contains(next.value) {}
        default: break
        }
    }

    /// Parameters, then one final byte.
    private static func skipControlSequence(_ rest: inout Substring.UnicodeScalarView) {
        while let scalar = rest.popFirst(), !(0x40...0x7E).contains(scalar.value) {}
    }

    /// Up to a bell, or the string terminator.
    private static func skipString(_ rest: inout Substring.UnicodeScalarView) {
        while let scalar = rest.popFirst() {
            if scalar.value == 7 || scalar.value == 0x9C { return }
            if scalar.value == 0x1B, rest.first == "\\" {
                rest.removeFirst()
                return
            }
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var text = self[...]
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
