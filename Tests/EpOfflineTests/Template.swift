import EpCore

@testable import EpOffline

/// A small renderer of the prompts in `Episodes/`: placeholders, `{{#each … as …}}` and `{{#if …}}`, alone on their lines.
/// It stands in for the real template engine, which is in a module that this one does not know.
struct Template {
    private var lines: [String]
    private var next = 0

    static func render(_ text: String, _ values: Value) -> String {
        var template = Template(lines: Lines.split(text))
        return template.render(values, isShown: true).joined(separator: "\n")
    }

    private init(lines: [String]) { self.lines = lines }

    /// The lines up to the end of the text or of the block that we are in.
    private mutating func render(_ values: Value, isShown: Bool) -> [String] {
        var output: [String] = []
        while next < lines.count {
            let line = lines[next]
            next += 1
            let words = Words.split(line)
            switch words.first {
            case "{{#each": output += each(words[1], as: Sentence.trimmingEnd(String(words[3].dropLast(2))), values, isShown)
            case "{{#if":
                let isTrue = isShown && Self.isTrue(Self.lookup(String(words[1].dropLast(2)), values))
                output += render(values, isShown: isTrue)
            case "{{/each}}", "{{/if}}": return output
            default: if isShown { output.append(Self.filled(line, values)) }
            }
        }
        return output
    }

    private mutating func each(_ path: String, as name: String, _ values: Value, _ isShown: Bool) -> [String] {
        let start = next
        var output: [String] = []
        let elements = isShown ? Self.lookup(path, values)?.list ?? [] : []
        for element in elements {
            next = start
            output += render(.object([.init(name, element)] + (values.members ?? [])), isShown: true)
        }
        if elements.isEmpty { _ = render(values, isShown: false) }
        return output
    }

    private static func filled(_ line: String, _ values: Value) -> String {
        guard let open = line.firstRange(of: "{{ "), let close = line.firstRange(of: " }}") else { return line }
        let path = String(line[open.upperBound..<close.lowerBound])
        let margin = String(repeating: " ", count: line.utf8.distance(from: line.startIndex, to: open.lowerBound))
        switch lookup(path, values) {
        case nil: preconditionFailure("undefined variable \(path) in the line: \(line)")
        case .string(let text)?: return line.replacing("{{ \(path) }}", with: text)
        case .int(let number)?: return line.replacing("{{ \(path) }}", with: String(number))
        case let value?:
            return Lines.split(BlockYAML.text(of: value)).dropLast().map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
        }
    }

    private static func isTrue(_ value: Value?) -> Bool {
        switch value {
        case nil, .null?, .string("")?, .list([])?, .bool(false)?: false
        default: true
        }
    }

    private static func lookup(_ path: String, _ values: Value) -> Value? {
        path.split(separator: ".").reduce(values as Value?) { $0?[String($1)] }
    }
}
