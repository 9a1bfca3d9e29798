/// What a program said when it was asked for its version.
struct VersionAnswer {
    let output: String
    let errors: String
    let isSuccess: Bool

    /// The line that tells the version: of standard output, or of standard error if nothing stands there and the program succeeded.
    /// Nil if there is none: an error text must not stand for a version.
    var line: String? {
        if lines(output).isEmpty { return isSuccess ? Self.line(of: errors) : nil }
        return Self.line(of: output)
    }

    /// All that it printed; nil if that is nothing, or it failed.
    var list: String? { isSuccess && !lines(output).isEmpty ? output : nil }

    /// What it says first, to be shown.
    var said: String? { (lines(output) + lines(errors)).first }

    private func lines(_ text: String) -> [String] { ProgramMessages.plain(text) }

    /// flite begins with a copyright, and ffmpeg names it behind its version.
    static func line(of text: String) -> String? {
        text.split(separator: "\n").map { String($0.drop(while: \.isWhitespace)) }.first { line in
            let words = line.lowercased()
            return words.contains { $0.isNumber } && !isComplaint(words) && (words.contains("version") || !words.contains("copyright"))
        }
    }

    private static let complaints = [
        "error", "usage", "not found", "no such", "cannot", "can't", "could not", "failed", "denied", "unknown option", "unknown argument",
        "unknown command", "unrecognized", "unrecognised",
        "invalid", "illegal", "unable", "traceback", "exception", "not installed", "warning",
    ]

    private static func isComplaint(_ line: String) -> Bool { complaints.contains(where: line.contains) }
}
