import EpCore
import Glibc

/// What a person sees: results on standard output, everything else on standard error.
enum Console {
    static let isTerminal = isatty(STDERR_FILENO) == 1 && Setting.variable("TERM") != "dumb"
    static let hasColour = isTerminal && Setting.variable("NO_COLOR") == nil

    enum Style: String {
        case bold = "1", faint = "2", red = "31", green = "32", yellow = "33"

        func apply(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
    }

    static func styled(_ text: String, _ style: Style) -> String {
        hasColour ? style.apply(text) : text
    }

    /// Writes a line to standard error.
    static func say(_ text: String) { Screen.write(text + "\n", to: STDERR_FILENO) }

    /// Writes a question to standard error, and leaves the cursor behind it.
    static func ask(_ text: String) { Screen.write(text, to: STDERR_FILENO) }

    /// Writes a line to standard output.
    static func answer(_ text: String) { Screen.write(text + "\n", to: STDOUT_FILENO) }

    /// Writes to standard output as it is.
    static func answer(bytes: [UInt8]) { bytes.withUnsafeBytes { Screen.put($0, to: STDOUT_FILENO) } }

    static func report(_ problem: Diagnostic) {
        let place = problem.location.map { "\(styled("\($0):", .bold)) " } ?? ""
        let kind = problem.severity == .error ? styled("error:", .red) : styled("warning:", .yellow)
        say("\(place)\(kind) \(problem.message)")
        if let remedy = problem.remedy { say("  \(styled("→", .faint)) \(remedy)") }
    }
}
