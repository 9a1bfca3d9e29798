import EpCore
import EpFiles

/// Files one after another, as `tar` writes and reads them (POSIX.1-1988, ustar): of each a head of 512 bytes, and its bytes, filled up to
/// a multiple of that.
enum TarArchive {
    static let blockSize = 512
    /// The longest file that the form can hold, in bytes: eleven octal digits.
    static let longest: Int64 = (1 << 33) - 1
    /// What stands behind the last file: two blocks of zeros.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    /// - Parameters:
    ///   - name: at most 100 bytes.
    ///   - size: in bytes, below 8 GiB.
    static func head(name: String, size: Int64) -> [UInt8] {
        precondition(name.utf8.count <= 100 && size <= longest, "a name or a file is too long for this form")
        var head = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, at offset: Int) { head.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8) }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(head.reduce(0) { $0 + Int64($1) }, digits: 6) + "\0 ", at: 148)
        return head
    }

    /// What fills up the last block of a file.
    static func padding(after size: Int64) -> Int { Int((Int64(blockSize) - size % Int64(blockSize)) % Int64(blockSize)) }

    /// A file, as its head tells it.
    struct Entry {
        let name: String
        let size: Int64
        let isRegular: Bool
    }

    /// - Returns: nil for a block of zeros, behind which no file stands.
    /// - Throws: if it is no head.
    static func entry(_ head: ArraySlice<UInt8>) throws(NoHead) -> Entry? {
        if head.allSatisfy({ $0 == 0 }) { return nil }
        func text(_ offset: Int, _ count: Int) -> String {
            let field = head.dropFirst(offset).prefix(count)
            return String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }
        let sum = head.enumerated().reduce(Int64(0)) { $0 + Int64((148..<156).contains($1.offset) ? 0x20 : $1.element) }
        guard number(text(148, 8)) == sum, let size = number(text(124, 12)) else { throw NoHead() }
        let type = head[head.startIndex + 156]
        return Entry(name: text(0, 100), size: size, isRegular: type == UInt8(ascii: "0") || type == 0)
    }

    struct NoHead: Error {}

    private static func octal(_ number: Int64, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func number(_ text: String) -> Int64? {
        Int64(text.filter { $0 != " " }, radix: 8).flatMap { $0 >= 0 ? $0 : nil }
    }
}
