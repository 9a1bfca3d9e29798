import Glibc

/// A path, or a name in one: equal to another only if its bytes are the same.
///
/// To a `String`, `é` is the same as `e` with an accent behind it; to a file system these are two names. So whatever is
/// looked up by a path, a label or an item's name is looked up by this.
public struct Path: Sendable, Comparable, ExpressibleByStringInterpolation, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }
    public init(stringLiteral text: String) { self.init(text) }

    public var description: String { text }

    public static func < (left: Path, right: Path) -> Bool { left.text.precedesByteForByte(right.text) }
}

extension Path: Hashable {
    public static func == (left: Path, right: Path) -> Bool { left.text.isByteForByte(right.text) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // What ends here does not run into what is hashed next.
        hasher.combine(UInt8(0xFF))
    }
}

extension Path {
    private static let slash = UInt8(ascii: "/")

    /// The names between the slashes; empty ones are left out.
    ///
    /// A name may begin with an accent, which is no text of its own: to a `String`, there is no slash before it.
    public var parts: [String] { text.utf8.split(separator: Self.slash).map { String(Substring($0)) } }

    /// The last name; the whole if there is no other.
    public var name: String { parts.last ?? text }

    /// What stands before the last slash; "" if there is none, or nothing before it.
    public var parent: String { text.utf8.lastIndex(of: Self.slash).map { String(text[..<$0]) } ?? "" }

    /// The directories that it lies in, outermost first: `a` and `a/b` of `a/b/c`.
    public var directories: [Path] {
        guard text.utf8.contains(Self.slash) else { return [] }
        return text.utf8.indices.dropFirst().filter { text.utf8[$0] == Self.slash }.map { Path(String(text[..<$0])) }
    }

    /// True for a path itself, and for what lies below it.
    public func isOrLies(below other: String) -> Bool { self == Path(other) || below(other) != nil }

    /// The path below a directory; nil if it does not lie there.
    public func below(_ directory: String) -> String? {
        let (own, above) = (text.utf8, directory.utf8)
        guard own.starts(with: above) else { return nil }
        let rest = own.dropFirst(above.count)
        if above.last == Self.slash { return String(Substring(rest)) }
        return rest.first == Self.slash ? String(Substring(rest.dropFirst())) : nil
    }
}

extension String {
    /// True if two texts have the same bytes, and not merely the same meaning.
    public func isByteForByte(_ other: String) -> Bool {
        var (left, right) = (self, other)
        return left.withUTF8 { left in right.withUTF8 { left.isByteForByte($0) } }
    }

    /// True if a text comes before another by its bytes: one that another begins with comes before that.
    public func precedesByteForByte(_ other: String) -> Bool {
        var (left, right) = (self, other)
        return left.withUTF8 { left in right.withUTF8 { left.lexicographicallyPrecedes($0) } }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// As the system compares memory: what programs print of themselves is compared for each line that they speak.
    fileprivate func isByteForByte(_ other: Self) -> Bool {
        guard count == other.count else { return false }
        guard let own = baseAddress, let others = other.baseAddress else { return true }
        return memcmp(own, others, count) == 0
    }
}

/// A path in a file of lines, where its own line ends would end the line.
extension Path {
    private static let backslash = UInt8(ascii: "\\")

    /// The letter behind the backslash that stands for a byte; nil if the byte stands for itself.
    private static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        case UInt8(ascii: "\r"): UInt8(ascii: "r")
        case backslash: backslash
        default: nil
        }
    }

    /// What a letter behind a backslash stands for.
    private static func byte(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        default: letter
        }
    }

    public var line: String {
        guard text.utf8.contains(where: { Self.letter(for: $0) != nil }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if let letter = Self.letter(for: byte) { bytes += [Self.backslash, letter] } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Parameter line: as `line` gives it.
    public init(line: String) {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in line.utf8 {
            if isEscaped {
                bytes.append(Self.byte(of: byte))
                isEscaped = false
            } else if byte == Self.backslash {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        self.init(String(decoding: bytes, as: UTF8.self))
    }
}
