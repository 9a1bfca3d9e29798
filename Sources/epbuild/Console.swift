import EpComposition
import EpCore
import Glibc

/// What a person sees: results on standard output, everything else on standard error.
///
/// The one place through which text goes to a terminal. Much of it was written by others: programs, file names, shared
/// caches. So whatever a terminal would obey is shown instead, and styles alone become escape sequences.
enum Console {
    static let isTerminal = isatty(STDERR_FILENO) == 1 && Setting.variable("TERM") != "dumb"
    static let hasColour = isTerminal && Setting.variable("NO_COLOR") == nil

    enum Style: String, CaseIterable {
        case bold = "1", faint = "2", red = "31", green = "32", yellow = "33"

        static let end = "\u{1B}[0m"
        var start: String { "\u{1B}[\(rawValue)m" }

        func apply(_ text: String) -> String { "\(start)\(text)\(Self.end)" }
    }

    static func styled(_ text: String, _ style: Style) -> String {
        hasColour ? StyleMarks.enclose(text, style) : text
    }

    /// Writes a line to standard error.
    static func say(_ text: String) { Screen.write(written(text) + "\n", to: STDERR_FILENO) }

    /// Writes a question to standard error, and leaves the cursor behind it.
    static func ask(_ text: String) { Screen.write(written(text), to: STDERR_FILENO) }

    /// Writes a line to standard output.
    static func answer(_ text: String) { Screen.write(written(text) + "\n", to: STDOUT_FILENO) }

    /// Writes to standard output as it is; a terminal is shown what it would else obey.
    static func answer(bytes: [UInt8]) {
        if isatty(STDOUT_FILENO) == 1 { return Screen.write(String(decoding: bytes, as: UTF8.self).terminalText, to: STDOUT_FILENO) }
        bytes.withUnsafeBytes { Screen.put($0, to: STDOUT_FILENO) }
    }

    static func report(_ problem: Diagnostic) {
        let place = problem.location.map { "\(styled("\($0):", .bold)) " } ?? ""
        let kind = problem.severity == .error ? styled("error:", .red) : styled("warning:", .yellow)
        say("\(place)\(kind) \(problem.message)")
        if let remedy = problem.remedy { say("  \(styled("→", .faint)) \(remedy)") }
    }

    private static func written(_ text: String) -> String {
        let harmless = text.terminalText
        return hasColour ? StyleMarks.replaced(in: harmless) : harmless
    }
}

/// Stands for a style within a text until it is written: code points that are no characters, so that no escape sequence
/// of somebody else can be taken for one of ours.
private enum StyleMarks {
    private static let first: UInt32 = 0xFDD0
    private static let end = Unicode.Scalar(first + UInt32(Console.Style.allCases.count)) ?? " "

    static func enclose(_ text: String, _ style: Console.Style) -> String {
        let number = UInt32(Console.Style.allCases.firstIndex(of: style) ?? 0)
        guard let start = Unicode.Scalar(first + number) else { return text }
        return "\(start)\(text)\(end)"
    }

    static func replaced(in text: String) -> String {
        // U+FDD0 and its neighbours begin with this byte.
        guard text.utf8.contains(0xEF) else { return text }
        var (result, isStyled) = ("", false)
        for scalar in text.unicodeScalars {
            if scalar == end {
                result += Console.Style.end
                isStyled = false
            } else if scalar.value >= first, scalar.value < end.value {
                result += Console.Style.allCases[Int(scalar.value - first)].start
                isStyled = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return isStyled ? result + Console.Style.end : result
    }
}
