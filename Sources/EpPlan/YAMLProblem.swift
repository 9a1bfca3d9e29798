import EpCore

/// What libyaml does not understand, in a person's words: what stands there, and how it is written.
struct YAMLProblem {
    /// In libyaml's words: "did not find expected ',' or ']'", "while parsing a flow sequence".
    let problem: String
    let context: String
    /// Where it stumbled, and where that began of which it was a part.
    let place: SourceLocation
    let start: SourceLocation
    let lines: [[UInt8]]

    var diagnostic: Diagnostic {
        let (words, place, remedy) = explained
        return Diagnostic(.badInput, "not valid YAML: \(words)", at: place, remedy: remedy)
    }

    private typealias Explanation = (words: String, place: SourceLocation, remedy: String)

    private var explained: Explanation {
        if let line = conflict {
            let place = SourceLocation(file: place.file, line: line, column: 1)
            return ("a merge left a conflict here", place, "keep what you want of both versions and remove the marks")
        }
        switch problem {
        case "mapping values are not allowed in this context": return strayColon
        case "could not find expected ':'": return lineWithoutKey(start)
        case let text where text.contains("in this context") && at(place).hasPrefix("- "):
            return ("a list begins behind its key", place, "write each `- …` on a line of its own, below the key")
        case let text where text.contains("cannot start any token") || text.contains("in this context"): return quoteless(place)
        case let text where text.contains("alphabetic or numeric") || context.contains("directive"): return quoteless(start)
        case "found unknown escape character", "did not find expected hexdecimal number":
            return ("no character is written so in double quotes", place, "write `\\\\` for a backslash, or use single quotes")
        case let text where text.hasPrefix("did not find expected ',' or"): return openBracket
        case "did not find expected comment or line break":
            return ("something follows on the line of `|` or `>`", place, "write the text below it, indented, or in quotes instead")
        case "did not find expected key", "did not find expected '-' indicator", "did not find expected <document start>":
            return before(place).allSatisfy { $0 == " " } ? outOfLine : afterValue
        default:
            return ("\(problem)\(context)", place, "check the indentation, the quotes and the brackets here and in the line above")
        }
    }

    /// A colon within a text, behind a line without a key, or in a line that is indented too deep.
    private var strayColon: Explanation {
        let (line, above) = (text(of: place.line), text(of: place.line - 1))
        if let colon = line.firstRange(of: ": "), before(place).contains(": ") {
            let value = line[colon.upperBound...].trimmed
            let written = value.contains("\"") ? "quotes" : "quotes: `\(line[..<colon.lowerBound].trimmed): \"\(value)\"`"
            return ("a colon stands in a text that has no quotes", place, "put the text into \(written)")
        }
        guard !above.contains(": "), !above.hasSuffix(":"), !above.trimmed.isEmpty, indentation(line) <= indentation(above) else {
            return ("this line is indented deeper than those that it belongs to", place, "begin it with as many spaces as these have")
        }
        return lineWithoutKey(SourceLocation(file: place.file, line: place.line - 1, column: indentation(above) + 1))
    }

    private func lineWithoutKey(_ place: SourceLocation) -> Explanation {
        ("this line has no key with a colon and a space", place, "write `key: value`; a remark begins with #")
    }

    /// What is no text without quotes, by its first character.
    private func quoteless(_ place: SourceLocation) -> Explanation {
        ("a text that begins with `\(at(place).prefix(1))` needs quotes", place, "put the text into quotes: `\"…\"`")
    }

    private var openBracket: Explanation {
        let bracket = problem.contains("]") ? "[" : "{"
        return (
            "the `\(bracket)` of line \(start.line) is not closed here, nor is there a comma", place,
            "close it; a text with a bracket, a comma or a colon in it stands in quotes"
        )
    }

    private var outOfLine: Explanation {
        ("this line does not fit those above", place, "begin it with as many spaces as those that it belongs to, as a line of their kind")
    }

    private var afterValue: Explanation {
        (
            "something follows a value that has ended", place,
            "take it out, or put all of the value into quotes; those in it are the other kind"
        )
    }

    /// The line in which git has left its marks.
    private var conflict: Int? {
        lines.firstIndex { $0.starts(with: "<<<<<<< ".utf8) || $0.starts(with: ">>>>>>> ".utf8) }.map { $0 + 1 }
    }

    // MARK: the file

    private func text(of line: Int) -> String {
        lines.indices.contains(line - 1) ? String(decoding: lines[line - 1].filter { $0 != 13 }, as: UTF8.self) : ""
    }

    private func before(_ place: SourceLocation) -> String {
        String(String.UnicodeScalarView(text(of: place.line).unicodeScalars.prefix(place.column - 1)))
    }

    private func at(_ place: SourceLocation) -> String {
        String(String.UnicodeScalarView(text(of: place.line).unicodeScalars.dropFirst(place.column - 1)))
    }

    private func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
    }
}
