import Glibc

/// An open directory: what is in it, reached by way of itself, whatever is put in its place meanwhile.
public struct OpenDirectory: ~Copyable {
    public struct Entry: Sendable {
        public let path: RawPath
        public let name: RawPath
        /// Of the entry itself, be it a link; nil where the directory does not tell.
        public let kind: FileStatus.Kind?
    }

    public let path: RawPath
    private let stream: OpaquePointer

    /// - Parameter followingLink: false: a link to a directory is none.
    public init(_ path: RawPath, followingLink: Bool = true) throws(FileError) {
        let descriptor = path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLink ? 0 : O_NOFOLLOW)) }
        guard descriptor >= 0 else { throw FileError(path.shown) }
        guard let stream = fdopendir(descriptor) else {
            let error = SystemError.last
            close(descriptor)
            throw FileError(path.shown, error)
        }
        self.path = path
        self.stream = stream
    }

    deinit { closedir(stream) }

    public var descriptor: Int32 { dirfd(stream) }

    /// The next of what is in it, in no order, without `.` and `..`; nil at the end.
    public func next() throws(FileError) -> Entry? {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw FileError(path.shown) }
                return nil
            }
            let name = RawPath(entry: entry)
            if name.isName(".") || name.isName("..") { continue }
            return Entry(path: path.appending(name), name: name, kind: FileStatus.Kind(entryType: entry.pointee.d_type))
        }
    }

    /// What stands there by a name, be it a link.
    public func status(of name: RawPath) -> FileStatus? { name.withCString { FileStatus($0, in: descriptor, followingLink: false) } }

    public func remove(_ name: RawPath) { _ = tryRemove(name) }

    /// Removes what is no directory.
    /// - Returns: false, with an `errno`, if it stands still.
    func tryRemove(_ name: RawPath) -> Bool { name.withCString { unlinkat(descriptor, $0, 0) } == 0 }

    /// Removes a file that a dead process has made, unless somebody holds it: on another machine, or in another container, there may be
    /// a living process of that number.
    public func remove(_ name: RawPath, ofDead process: Int32) {
        guard FileLock.isDead(process) else { return }
        let file = name.withCString { openat(descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard file >= 0 else { return }
        defer { close(file) }
        if FileLock.tryTake(file) { remove(name) }
    }
}
