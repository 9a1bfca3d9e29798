import EpCore
import Glibc

/// What a person sees: results on standard output, everything else on standard error.
enum Console {
    static let isTerminal = isatty(STDERR_FILENO) == 1 && Setting.variable("TERM") != "dumb"
    static let hasColour = isTerminal && Setting.variable("NO_COLOR") == nil

    enum Style: String {
        case bold = "1", faint = "2", red = "31", green = "32", yellow = "33"
    }

    static func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Writes a line to standard error.
    static func say(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes to standard error as it is.
    static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes a line to standard output.
    static func answer(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes to standard output as it is.
    static func answer(bytes: [UInt8]) { bytes.withUnsafeBytes { write($0, to: STDOUT_FILENO) } }

    static func report(_ problem: Diagnostic) {
        let place = problem.location.map { "\(styled("\($0):", .bold)) " } ?? ""
        let kind = problem.severity == .error ? styled("error:", .red) : styled("warning:", .yellow)
        say("\(place)\(kind) \(problem.message)")
        if let remedy = problem.remedy { say("  \(styled("→", .faint)) \(remedy)") }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }
}
