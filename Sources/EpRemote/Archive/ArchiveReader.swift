public import EpCore
import EpFiles
import Glibc

/// Unpacks a cache that was carried in one file, into a directory that `DirectoryStore` then reads.
///
/// Only what a cache holds is unpacked, under names of its own making; nothing in the file is believed before it is read as a cache's.
public struct ArchiveReader: ~Copyable {
    private let file: OpenFile
    private let directory: String

    /// What was found.
    public struct Contents: Sendable {
        public var results: [ActionDigest] = []
        /// Files that belong to no cache, and were left out.
        public var strangers = 0
    }

    /// - Parameter directory: an empty one.
    /// - Throws: `Diagnostic` if the file cannot be opened.
    public init(_ path: String, into directory: String) throws(Diagnostic) {
        do throws(FileError) { file = try OpenFile(reading: path) } catch { throw Diagnostic(.badInput, error.message) }
        self.directory = directory
    }

    /// - Throws: `Diagnostic` (bad input) if the file is no archive or ends too early.
    public func unpack() throws(Diagnostic) -> Contents {
        var contents = Contents()
        while let entry = try nextEntry() {
            guard entry.isRegular, let place = place(entry.name) else {
                contents.strangers += entry.name.hasSuffix("/") ? 0 : 1
                try copy(entry.size, to: nil)
                continue
            }
            if place.space == "ac", let digest = Digest(hex: place.hex, size: 0) { contents.results.append(ActionDigest(digest)) }
            try copy(entry.size, to: "\(directory)/\(place.space)/\(place.hex.prefix(2))/\(place.hex)")
        }
        return contents
    }

    /// `cas/ab/<64 hex>` and `ac/ab/<64 hex>`, also below `./`, as `tar` writes it; nil for anything else.
    private func place(_ name: String) -> (space: String, hex: String)? {
        let parts = name.split(separator: "/").drop { $0 == "." }.map(String.init)
        guard parts.count == 3, ["ac", "cas"].contains(parts[0]), Digest(hex: parts[2], size: 0) != nil, parts[1] == parts[2].prefix(2)
        else { return nil }
        return (parts[0], parts[2])
    }

    private func nextEntry() throws(Diagnostic) -> TarArchive.Entry? {
        let head = try read(TarArchive.blockSize)
        do throws(TarArchive.NoHead) {
            return try TarArchive.entry(head[...])
        } catch {
            throw Diagnostic(
                .badInput, "\(file.path) is no archive of a cache, or is damaged", remedy: "make it with `epbuild cache export FILE PATH…`")
        }
    }

    private func read(_ count: Int) throws(Diagnostic) -> [UInt8] {
        do throws(FileError) {
            let bytes = try file.contents(limit: count)
            guard bytes.count == count else { throw FileError(file.path, because: "it ends too early") }
            return bytes
        } catch {
            throw Diagnostic(.badInput, error.message, remedy: "copy it once more")
        }
    }

    /// - Parameter path: nil: nobody wants it.
    private func copy(_ size: Int64, to path: String?) throws(Diagnostic) {
        var left = size
        do throws(FileError) {
            if let path { try Directory.make(Path(path).parent) }
            // The last file of a name stands, as with `tar`.
            let target = try OpenFile(path ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC)
            while left > 0 {
                let piece = try file.contents(limit: Int(min(left, 1 << 20)))
                guard !piece.isEmpty else { throw FileError(file.path, because: "it ends too early") }
                try target.write(piece)
                left -= Int64(piece.count)
            }
        } catch {
            throw Diagnostic(error.path == file.path ? .badInput : .system, error.message)
        }
        _ = try read(TarArchive.padding(after: size))
    }
}
