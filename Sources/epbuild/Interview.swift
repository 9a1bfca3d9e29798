import EpCore
import Glibc

/// Asks for what the command line does not say, if somebody sits at a terminal.
struct Interview {
    /// Standard input is a terminal.
    let isPossible = isatty(STDIN_FILENO) == 1

    /// What an option says, else what the person answers, else the default.
    /// - Throws: `Diagnostic` (usage) that names the option if there is no answer, or none that fits on a line.
    func answer(_ given: String?, to question: String, option: String, default fallback: String? = nil) throws(Diagnostic) -> String {
        if let given { return try checked(given, option) }
        guard isPossible else {
            if let fallback { return fallback }
            throw Diagnostic(.usage, "\(option) is missing, and there is no terminal to ask on", remedy: "give \(option) TEXT")
        }
        Console.ask(fallback.map { "\(question) [\($0)] " } ?? "\(question) ")
        while let line = readLine() {
            let text = Self.trimmed(line)
            if let answer = text.isEmpty ? fallback : text { return try checked(answer, option) }
            Console.ask("\(question) ")
        }
        throw ended(option)
    }

    /// Yes or no; no if the answer is empty.
    func confirm(_ question: String) throws(Diagnostic) -> Bool {
        Console.ask("\(question) [y/N] ")
        guard let line = readLine() else { throw ended("an answer") }
        return ["y", "yes"].contains(Self.trimmed(line).lowercased())
    }

    private func ended(_ what: String) -> Diagnostic {
        Diagnostic(.usage, "the input ended before \(what) was given", remedy: "nothing was written; run it again")
    }

    private func checked(_ text: String, _ option: String) throws(Diagnostic) -> String {
        let text = Self.trimmed(text)
        guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw Diagnostic(.usage, "\(option) must be a text on one line", remedy: "give \(option) TEXT")
        }
        return text
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
    }
}
