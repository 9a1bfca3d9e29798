import EpCore
import EpFiles

/// A blob that is held in memory between a file and a request, as it is small.
struct SmallBlob: Sendable {
    let digest: Digest
    let bytes: [UInt8]

    /// Reads it from a file of this machine.
    /// - Throws: if the file cannot be read, or is not that blob.
    init(_ digest: Digest, from path: String) throws(Diagnostic) {
        do throws(FileError) {
            bytes = try OpenFile(reading: path).contents(limit: Int(digest.size) + 1)
        } catch {
            throw Diagnostic(.system, error.message)
        }
        guard Digest(of: bytes) == digest else { throw Diagnostic(.damagedCache, "\(path) is not the blob \(digest.short)") }
        self.digest = digest
    }

    /// What somebody says to be the blob.
    /// - Returns: nil if it is not.
    init?(_ digest: Digest, _ bytes: [UInt8]) {
        guard bytes.count == digest.size, Digest(of: bytes) == digest else { return nil }
        self.init(made: bytes, as: digest)
    }

    /// Bytes whose digest is known.
    init(made bytes: [UInt8], as digest: Digest) {
        self.digest = digest
        self.bytes = bytes
    }

    /// Puts it into a new file.
    func write(to path: String) throws(Diagnostic) {
        do throws(FileError) {
            let file = try OpenFile(creating: path)
            try file.write(bytes)
        } catch {
            throw Diagnostic(.system, error.message)
        }
    }
}
