import Glibc

/// A path as the system has it: bytes, which need not be UTF-8.
public struct RawPath: Sendable {
    /// With the zero at the end.
    private let bytes: [UInt8]

    public init(_ text: String) { bytes = Array(text.utf8) + [0] }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    init(entry: UnsafeMutablePointer<dirent>) {
        bytes = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 } + [0] }
    }

    private var name: ArraySlice<UInt8> { bytes.dropLast() }

    /// Nil if it is not UTF-8.
    public var text: String? { String(validating: name, as: UTF8.self) }

    /// For messages: with bytes that are no UTF-8 as `\xE4`.
    public var shown: String {
        if let text { return text }
        let names = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return names.map { name in
            String(validating: name, as: UTF8.self)
                ?? name.map { $0 < 128 ? String(Unicode.Scalar($0)) : "\\x\(String($0, radix: 16, uppercase: true))" }.joined()
        }.joined(separator: "/")
    }

    public func appending(_ other: RawPath) -> RawPath { RawPath(bytes: name + [UInt8(ascii: "/")] + other.bytes) }

    public func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in buffer.withMemoryRebound(to: CChar.self) { $0.baseAddress.map(body) ?? "".withCString(body) } }
    }

    public func begins(with prefix: String) -> Bool { name.starts(with: prefix.utf8) }
    public func ends(with suffix: String) -> Bool { name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    /// True if it is just that.
    public func isName(_ other: String) -> Bool { name.elementsEqual(other.utf8) }
}

/// What the file system has there.
extension RawPath {
    public func status(followingLink: Bool = false) -> FileStatus? {
        withCString { FileStatus($0, in: AT_FDCWD, followingLink: followingLink) }
    }

    /// Where it leads to in the end: absolute, and without links. Nil, with an `errno`, if that cannot be told.
    public var resolved: String? {
        withCString { realpath($0, nil) }.map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
    }

    /// What a symbolic link says; nil if it is none.
    public var linkTarget: String? {
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { start in withCString { max(0, readlink($0, start, text.count)) } } ?? 0
            }
        }
        return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
    }
}
