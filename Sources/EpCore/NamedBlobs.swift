/// The blobs that a REAPI `ActionResult` refers to, whichever client wrote it: files, what a program said, and trees of directories.
///
/// epbuild's own results name files alone. Knows nothing of what is there.
public struct NamedBlobs: Sendable, Hashable {
    public private(set) var files: [Digest] = []
    /// Each a `Tree`, which names the files in its directories: ``files(ofTree:)``.
    public private(set) var trees: [Digest] = []

    /// - Throws: `UnusableResult` if that is no `ActionResult`, or one of its digests is none.
    public init(ofResult bytes: [UInt8]) throws(UnusableResult) {
        var fields = MessageFields(bytes[...])
        while let (number, content) = try fields.next() {
            guard case .bytes(let field) = content else { continue }
            switch number {
            case 2: files += try Self.digests(2, of: field)  // output_files.digest
            case 3: trees += try Self.digests(3, of: field)  // output_directories.tree_digest
            case 6, 8: files.append(try Self.digest(field))  // stdout_digest, stderr_digest
            default: break
            }
        }
    }

    /// The files in the directories of a `Tree`.
    /// - Throws: `UnusableResult` if it is none.
    public static func files(ofTree bytes: [UInt8]) throws(UnusableResult) -> [Digest] {
        var (found, fields) = ([Digest](), MessageFields(bytes[...]))
        while let (number, content) = try fields.next() {
            // Its root and its children: each a directory with all that is in it.
            guard number == 1 || number == 2, case .bytes(let directory) = content else { continue }
            var members = MessageFields(directory)
            while let (number, content) = try members.next() {
                if number == 1, case .bytes(let file) = content { found += try digests(2, of: file) }
            }
        }
        return found
    }

    /// The digests in one field of a message.
    private static func digests(_ wanted: UInt64, of message: ArraySlice<UInt8>) throws(UnusableResult) -> [Digest] {
        var (found, fields) = ([Digest](), MessageFields(message))
        while let (number, content) = try fields.next() {
            if number == wanted, case .bytes(let field) = content { found.append(try digest(field)) }
        }
        return found
    }

    private static func digest(_ message: ArraySlice<UInt8>) throws(UnusableResult) -> Digest {
        var (hash, size, fields) = ("", Int64(0), MessageFields(message))
        while let (number, content) = try fields.next() {
            switch (number, content) {
            case (1, .bytes(let text)): hash = String(decoding: text, as: UTF8.self)
            case (2, .number(let value)): size = Int64(bitPattern: value)
            default: break
            }
        }
        guard let digest = Digest(hex: hash, size: size) else { throw UnusableResult(reason: "a digest that is none") }
        return digest
    }
}
