/// How the files of a draft are told from finished ones.
public enum DraftMark {
    /// What the title of a draft begins with.
    public static let title = "[draft] "
    static let name = "DRAFT-"

    /// The name of a draft's file: `clips/1.mp4` becomes `clips/DRAFT-1.mp4`. One that is marked stays as it is.
    public static func marked(_ path: String) -> String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.popLast() else { return path }
        return (parts + [last.hasPrefix(name) ? last : name + last]).joined(separator: "/")
    }

    public static func isMarked(_ path: String) -> Bool { marked(path) == path }
}
