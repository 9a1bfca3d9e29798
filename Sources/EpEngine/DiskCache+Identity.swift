import EpCache
import EpCore
import EpFiles

extension DiskCache {
    /// A word that no other cache has, made when it is first asked for: in whose name leases are taken.
    var identity: String {
        let file = "\(path)/identity"
        if let known = Self.identity(in: file) { return known }
        let new = (0..<2).map { _ in String(UInt64.random(in: 1 << 60 ... .max), radix: 16) }.joined()
        try? Files.create(file, with: Array(new.utf8), mode: 0o644)
        // Another process may have been quicker. What cannot be kept is of this moment alone.
        return Self.identity(in: file) ?? new
    }

    private static func identity(in file: String) -> String? {
        guard let bytes = (try? Files.read(file)) ?? nil else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.utf8.count == 32 && text.allSatisfy(\.isHexDigit) ? text : nil
    }
}
