public import EpCore

/// A file of dependencies as compilers write it: rules of Make, `book.html: chapter.md style.css`. What stands before the colon is of no
/// interest here.
///
/// A backslash at the end of a line goes on with the next, and one before a blank, `#` or `:` makes that a part of the name; `$$` is a
/// dollar sign.
public struct DependencyFile: Sendable {
    public struct Dependency: Sendable, Hashable {
        /// As it is written there.
        public let path: String
        public let location: SourceLocation
    }

    /// In their order.
    public let dependencies: [Dependency]

    /// - Parameter file: how messages name it.
    /// - Throws: `Diagnostic` with the place of what is no such rule.
    public init(parsing bytes: [UInt8], file: String) throws(Diagnostic) {
        var reader = Reader(bytes: bytes, file: file)
        var found: [Dependency] = []
        while try reader.skipToRule() { found += try reader.rule() }
        dependencies = found
    }

    private struct Reader {
        let bytes: [UInt8]
        let file: String
        var position = 0
        var (line, column) = (1, 1)

        init(bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

        private static let (newline, backslash, hash, colon, dollar): (UInt8, UInt8, UInt8, UInt8, UInt8) = (10, 92, 35, 58, 36)
        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
        private var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }
        private func byte(_ offset: Int) -> UInt8? { position + offset < bytes.count ? bytes[position + offset] : nil }
        private static func isBlank(_ byte: UInt8?) -> Bool { byte == 32 || byte == 9 || byte == 13 }
        private static func isEnd(_ byte: UInt8?) -> Bool { byte == nil || byte == newline || isBlank(byte) }

        private mutating func advance(_ count: Int = 1) {
            for _ in 0..<count where position < bytes.count {
                (line, column) = bytes[position] == Self.newline ? (line + 1, 1) : (line, column + 1)
                position += 1
            }
        }

        /// How many bytes a backslash takes that goes on with the next line; 0 if here is none.
        private var continuation: Int {
            guard next == Self.backslash else { return 0 }
            if byte(1) == Self.newline { return 2 }
            return byte(1) == 13 && byte(2) == Self.newline ? 3 : 0
        }

        private mutating func skipBlanks() {
            while true {
                if continuation > 0 { advance(continuation) } else if Self.isBlank(next) { advance() } else { return }
            }
        }

        /// - Returns: false at the end.
        mutating func skipToRule() throws(Diagnostic) -> Bool {
            while let byte = next {
                if byte == 9, column == 1, !Self.isEnd(self.byte(1)) {
                    throw problem("a command stands here, and only dependencies are read")
                }
                if byte == Self.hash {
                    while let byte = next, byte != Self.newline { advance() }
                } else if byte == Self.newline || Self.isBlank(byte) {
                    advance()
                } else {
                    return true
                }
            }
            return false
        }

        /// Reads a rule to the end of its line.
        mutating func rule() throws(Diagnostic) -> [Dependency] {
            let start = location
            while true {
                skipBlanks()
                if next == nil || next == Self.newline { throw problem("no colon stands behind what is made", at: start) }
                if next == Self.colon { break }
                if try word(isTarget: true).text.isEmpty { throw problem("this is no name of a file") }
            }
            while next == Self.colon { advance() }
            var found: [Dependency] = []
            while true {
                skipBlanks()
                guard let byte = next, byte != Self.newline, byte != Self.hash else { return found }
                let (text, place) = try word(isTarget: false)
                // Make's mark for what must be there and makes nothing stale.
                if text != "|" { found.append(Dependency(path: text, location: place)) }
            }
        }

        private mutating func word(isTarget: Bool) throws(Diagnostic) -> (text: String, place: SourceLocation) {
            let place = location
            var letters: [UInt8] = []
            while let byte = next, !Self.isEnd(byte), continuation == 0 {
                if isTarget, byte == Self.colon { break }
                if byte == 0 { throw problem("a zero byte is no part of a name") }
                if byte == Self.dollar {
                    guard self.byte(1) == Self.dollar else {
                        throw problem("a variable of Make stands here, and nobody fills it in; a dollar sign is `$$`")
                    }
                    advance()
                } else if byte == Self.backslash, let escaped = self.byte(1), [32, Self.hash, Self.colon].contains(escaped) {
                    advance()
                }
                next.map { letters.append($0) }
                advance()
            }
            guard let text = String(validating: letters, as: UTF8.self) else { throw problem("this is no UTF-8 text", at: place) }
            return (text, place)
        }

        private func problem(_ what: String, at place: SourceLocation? = nil) -> Diagnostic {
            Diagnostic(
                .actionFailed, what, at: place ?? location,
                remedy: "let the program write rules of Make, as compilers do with -MD: `made.txt: read.txt other.txt`")
        }
    }
}
