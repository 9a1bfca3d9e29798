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
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw FileError(path, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENXIO)
        }
        self.path = path
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Size in bytes, and the time of the last change in seconds.
    public func status() throws(FileError) -> (size: Int64, modified: Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path) }
        return (Int64(status.st_size), status.st_mtim.tv_sec)
    }

    /// - Returns: how many bytes were read; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw FileError(path) }
        }
    }

    /// What is left, at most `limit` bytes of it.
    public func contents(limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while bytes.count < limit {
            let count = try read(into: .init(rebasing: buffer.prefix(limit - bytes.count)))
            if count == 0 { break }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        return bytes
    }

    /// Writes all of the bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw FileError(path)
            }
        }
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

/// What the operating system answered about a file.
public struct FileError: Error {
    public let path: String
    /// An `errno`.
    public let code: Int32
    private let reason: String?

    public init(_ path: String) { self.init(path, code: errno) }

    /// - Parameter reason: says it better than the operating system's words do.
    public init(_ path: String, code: Int32, because reason: String? = nil) {
        self.path = path
        self.code = code
        self.reason = reason
    }

    /// True if it concerns this one file, which another may take the place of: it is no plain file, or cannot be read.
    public var isOfFileAlone: Bool { [EISDIR, ENXIO, ELOOP, EIO, EACCES, EPERM].contains(code) }

    public var message: String { "\(path): \(reason ?? String(cString: strerror(code)))" }
}
