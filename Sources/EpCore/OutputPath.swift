/// How an action names what it leaves behind: a file by its path, a directory by its path and a slash behind it (`frames/`).
///
/// A result names files alone: those of a directory by their whole paths, `frames/001.png`.
public enum OutputPath {
    public static func isDirectory(_ declared: String) -> Bool { declared.utf8.last == UInt8(ascii: "/") }

    /// Without the slash that marks a directory.
    public static func bare(_ declared: String) -> String { isDirectory(declared) ? String(declared.dropLast()) : declared }
}
