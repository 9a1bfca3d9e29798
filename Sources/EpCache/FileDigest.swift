public import EpCore

/// The digest of a file of any size, in constant memory.
public enum FileDigest {
    /// - Throws: `Diagnostic` if the file is missing or cannot be read.
    public static func compute(_ path: String) throws(Diagnostic) -> Digest {
        guard let file = try File.reading(path) else { throw .system("read", path) }
        return try file.digest()
    }
}
