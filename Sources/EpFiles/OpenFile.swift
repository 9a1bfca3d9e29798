public import EpCore
import Glibc

/// A file that is open for reading, or new and open for writing. Closed when it goes out of scope.
public struct OpenFile: ~Copyable {
    public let path: String
    private let descriptor: Int32

    /// Never waits: a pipe is opened without somebody at its other end.
    /// - Throws: also if it is no plain file.
    public init(reading path: String) throws(FileError) {
        try self.init(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }

    /// - Throws: also if there is such a file.
    public init(creating path: String) throws(FileError) {
        try self.init(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    }

    private init(_ path: String, _ flags: Int32) throws(FileError) {
        let opened = open(path, flags | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw FileError(path) }
        let kind = FileStatus(descriptor: opened)?.kind
        guard kind == .regular else {
            close(opened)
            throw FileError(path, SystemError(kind == .directory ? EISDIR : ENXIO))
        }
        self.path = path
        descriptor = opened
    }

    deinit { close(descriptor) }

    public func status() throws(FileError) -> FileStatus {
        guard let status = FileStatus(descriptor: descriptor) else { throw FileError(path) }
        return status
    }

    /// - Returns: how many bytes were read; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        let count = retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        guard count >= 0 else { throw FileError(path) }
        return count
    }

    /// What is left, at most `limit` bytes of it.
    public func contents(limit: Int = .max) throws(FileError) -> [UInt8] {
        // One byte more than expected, so that the end shows at once, and a file that grows is read whole.
        let room = max(Int(clamping: try status().size) + 1, 4096)
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(room, limit - bytes.count)
            var failure: SystemError?
            let more = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
                while filled < wanted, let start = buffer.baseAddress {
                    let count = retrying { Glibc.read(descriptor, start + filled, wanted - filled) }
                    if count < 0 { failure = .last }
                    guard count > 0 else { break }
                    filled += count
                }
            }
            if let failure { throw FileError(path, failure) }
            bytes = bytes.isEmpty ? more : bytes + more
            if more.count < wanted { break }
        }
        return bytes
    }

    /// Writes all of the bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        guard Files.writeAll(bytes, to: descriptor) else { throw FileError(path) }
    }

    /// Writes all of the bytes.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        guard Files.writeAll(bytes, to: descriptor) else { throw FileError(path) }
    }

    public func rewind() throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError(path) }
    }

    /// Makes the bytes durable. Network file systems report a full disk only here.
    public func synchronize() throws(FileError) {
        guard fdatasync(descriptor) == 0 else { throw FileError(path) }
    }

    /// Copies what is left, at most `limit` bytes and one more, which shows that there is too much.
    /// - Returns: the digest of what was copied.
    public func copy(to target: borrowing OpenFile, limit: Int64) throws(FileError) -> Digest {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        var left = limit == .max ? limit : limit + 1
        while left > 0 {
            let count = try read(into: .init(rebasing: buffer.prefix(Int(min(Int64(buffer.count), left)))))
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
            hasher.update(bytes)
            try target.write(bytes)
            left -= Int64(count)
        }
        return hasher.finalize()
    }
}
