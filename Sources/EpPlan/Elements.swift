public import EpCore
import EpScript

/// What a stage can fan out over inside one artifact: the lines of a script or a text, the elements of a list.
public enum Elements {
    /// - Parameters:
    ///   - path: what stands behind the stage in `each:`, such as `["beats"]`; not empty.
    ///   - name: the artifact's file name, which tells its format.
    ///   - shown: how messages name the artifact.
    ///   - location: where the person wrote `each:`.
    public static func select(
        _ path: [String], from bytes: [UInt8], named name: String, shown: String, at location: SourceLocation
    ) throws -> [Element] {
        switch format(name) {
        case .fountain: return try lines(of: Script(parsing: bytes, file: shown), path, at: location)
        case .text:
            guard path == ["lines"] else { throw noSuchList(path, in: shown, known: ["lines"], at: location) }
            return try textLines(bytes, shown: shown)
        case .structured: return try list(path, in: Node(parsing: bytes, file: shown), shown: shown, at: location)
        }
    }

    /// An artifact as a value.
    static func value(of bytes: [UInt8], named name: String, shown: String) throws -> Value {
        if format(name) == .structured { return try Node(parsing: bytes, file: shown).value }
        return .string(try WrittenText.decode(bytes, of: shown))
    }

    enum Format { case fountain, structured, text }

    /// Asked of everything that stages hand on: most names need no more than a look at their end.
    static func isScript(_ name: String) -> Bool {
        guard let last = name.utf8.last, last | 0x20 == UInt8(ascii: "n") else { return false }
        return format(name) == .fountain
    }

    static func format(_ name: String) -> Format {
        switch ArtifactRef.fileExtension(of: name) {
        case "fountain": .fountain
        case "yaml", "yml", "json": .structured
        default: .text
        }
    }

    /// What is spoken in a script.
    static func lines(of script: Script, _ path: [String], at location: SourceLocation) throws -> [Element] {
        guard path == ["lines"] else { throw noSuchList(path, in: script.file, known: ["lines"], at: location) }
        guard !script.lines.isEmpty else {
            throw Diagnostic(
                .badInput, "nobody says anything in this script", at: SourceLocation(file: script.file, line: 1, column: 1),
                remedy: Script.silenceRemedy)
        }
        let problems = script.markupProblems
        guard problems.isEmpty else { throw DiagnosticList(problems) }
        var chapters = Array(repeating: Element.Chapter(number: 1, title: ""), count: script.lines.count)
        for (index, written) in script.chapters.enumerated() {
            let chapter = Element.Chapter(number: index + 1, title: written.title)
            for line in written.lines where line < chapters.count { chapters[line] = chapter }
        }
        return script.lines.enumerated().map { index, line in
            var members: [Value.Member] = [
                .init("speaker", .string(line.speaker)), .init("text", .string(line.text)), .init("delivery", .string(line.delivery)),
            ]
            if !line.stressed.isEmpty { members.append(.init("stressed", .list(line.stressed.map { .int(Int64($0)) }))) }
            return Element(number: index + 1, value: .object(members), location: line.location, chapter: chapters[index])
        }
    }

    /// The lines of a plain text that are not blank.
    private static func textLines(_ bytes: [UInt8], shown: String) throws -> [Element] {
        var text = try WrittenText.decode(bytes, of: shown)
        // By bytes: to a `String`, a carriage return with its line feed is one character, and not a line feed.
        return text.withUTF8 { bytes in
            var elements: [Element] = []
            var (rest, number) = (bytes[...], 0)
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
                number += 1
                var line = rest[..<end]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                rest = rest[min(end + 1, rest.endIndex)...]
                guard line.contains(where: { $0 != 32 && $0 != 9 }) else { continue }
                let value = Value.object([.init("text", .string(String(decoding: line, as: UTF8.self)))])
                elements.append(Element(number: elements.count + 1, value: value, location: SourceLocation(file: shown, line: number)))
            }
            return elements
        }
    }

    private static func list(_ path: [String], in root: Node, shown: String, at location: SourceLocation) throws -> [Element] {
        var node = root
        for (depth, name) in path.enumerated() {
            guard let next = node[name] else {
                var known: [String] = []
                if case .object(let members) = node.content { known = members.map(\.key) }
                throw noSuchList(Array(path.prefix(depth + 1)), in: shown, known: known, at: location)
            }
            node = next
        }
        guard case .list(let nodes) = node.content else {
            throw Diagnostic(.badInput, "`\(path.joined(separator: "."))` in \(shown) is \(node.kind), not a list", at: node.location)
        }
        return nodes.enumerated().map { Element(number: $0 + 1, value: $1.value, location: $1.location) }
    }

    private static func noSuchList(_ path: [String], in shown: String, known: [String], at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            .badInput, "\(shown) has no `\(path.joined(separator: "."))`", at: location,
            remedy: known.isEmpty ? "write it there, as a list" : Suggestion.remedy(for: path.last ?? "", in: known))
    }
}
