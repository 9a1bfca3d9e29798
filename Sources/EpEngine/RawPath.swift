import EpCore
import Glibc

/// A path as the system has it: bytes, which need not be UTF-8.
struct RawPath {
    /// With the zero at the end.
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) + [0] }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    fileprivate init(entry: UnsafeMutablePointer<dirent>) {
        bytes = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 } + [0] }
    }

    private var name: ArraySlice<UInt8> { bytes.dropLast() }

    /// Nil if it is not UTF-8.
    var text: String? { String(validating: name, as: UTF8.self) }

    /// For messages: with bytes that are no UTF-8 as `\xE4`.
    var shown: String {
        let names = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return names.map { name in
            String(validating: name, as: UTF8.self)
                ?? name.map { $0 < 128 ? String(Unicode.Scalar($0)) : "\\x\(String($0, radix: 16, uppercase: true))" }.joined()
        }.joined(separator: "/")
    }

    func appending(_ other: RawPath) -> RawPath { RawPath(bytes: name + [UInt8(ascii: "/")] + other.bytes) }

    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in buffer.withMemoryRebound(to: CChar.self) { $0.baseAddress.map(body) ?? "".withCString(body) } }
    }

    func begins(with prefix: String) -> Bool { name.starts(with: prefix.utf8) }
    func ends(with suffix: String) -> Bool { name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    /// True if it is just that.
    func isName(_ other: String) -> Bool { name.elementsEqual(other.utf8) }
}

extension RawPath {
    enum Kind { case file, directory, deadLink }

    /// What stands there, behind a link if it is one.
    /// - Parameter type: as the directory has it.
    /// - Throws: `Diagnostic` (`bad_input`) if that cannot be told.
    func kind(_ type: Int32) throws(Diagnostic) -> Kind {
        if type == DT_DIR { return .directory }
        guard type == DT_LNK || type == DT_UNKNOWN else { return .file }
        var status = stat()
        if withCString({ stat($0, &status) }) == 0 { return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file }
        guard Files.isAbsence(errno) || errno == ELOOP else { throw Files.unreadable(shown) }
        return .deadLink
    }
}

/// What a directory holds.
struct DirectoryListing {
    struct Entry {
        let name: RawPath
        /// As the directory has it: one of the `DT_` constants.
        let type: Int32
    }

    /// In no order, without `.` and `..`; nil if there is no such directory.
    /// - Throws: `Diagnostic` (`bad_input`) if it cannot be read.
    static func read(_ directory: RawPath) throws(Diagnostic) -> [Entry]? {
        guard let handle = directory.withCString(opendir) else {
            guard Files.isAbsence(errno) else { throw Files.unreadable(directory.shown) }
            return nil
        }
        defer { closedir(handle) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(handle) else { break }
            let name = RawPath(entry: entry)
            if !name.isName("."), !name.isName("..") { entries.append(Entry(name: name, type: Int32(entry.pointee.d_type))) }
        }
        guard errno == 0 else { throw Files.unreadable(directory.shown) }
        return entries
    }
}
