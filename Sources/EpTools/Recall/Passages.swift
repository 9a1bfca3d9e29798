import EpCore
import EpPlan

/// A text in passages of some hundred words, each of which says something by itself.
///
/// Knows Markdown's paragraphs and headings; of YAML and JSON, every element of a list is a passage.
struct Passages {
    let all: [String]

    /// A passage is full when it has so many bytes, about a hundred words.
    private static let full = 600
    /// A paragraph that is longer is divided between sentences.
    private static let longest = 1_800

    init(_ value: Value) {
        switch value {
        case .string(let text): all = Self.paragraphs(of: text)
        default: all = Self.elements(of: value).filter { !SearchTerms($0).all.isEmpty }
        }
    }

    private static func paragraphs(of text: String) -> [String] {
        var passages: [String] = []
        var open = ""
        func end() {
            if !SearchTerms(open).all.isEmpty { passages.append(open) }
            open = ""
        }
        for paragraph in blocks(of: text).flatMap(pieces) {
            let isHeading = paragraph.hasPrefix("#")
            if isHeading || open.utf8.count + paragraph.utf8.count > full, !open.isEmpty { end() }
            open += open.isEmpty ? paragraph : "\n\n\(paragraph)"
            // A heading goes with what stands under it.
            if !isHeading, open.utf8.count >= full { end() }
        }
        end()
        return passages
    }

    /// What blank lines separate.
    private static func blocks(of text: String) -> [String] {
        var blocks: [String] = []
        var open: [Substring.UTF8View] = []
        func end() {
            if !open.isEmpty { blocks.append(open.map { String(Substring($0)) }.joined(separator: "\n")) }
            open = []
        }
        for line in text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
            let line = line.last == 13 ? line.dropLast() : line
            if line.allSatisfy({ $0 == 32 || $0 == 9 }) { end() } else { open.append(line) }
        }
        end()
        return blocks
    }

    /// A paragraph, divided if it is very long.
    private static func pieces(of paragraph: String) -> [String] {
        guard paragraph.utf8.count > longest else { return [paragraph] }
        var pieces: [String] = []
        var open = String.UnicodeScalarView()
        var isSentenceOver = false
        for scalar in paragraph.unicodeScalars {
            if isSentenceOver, String(open).utf8.count >= full {
                pieces.append(String(open))
                open.removeAll()
            }
            isSentenceOver = ".!?…。！？\n".unicodeScalars.contains(scalar)
            // Text without an end of a sentence is cut where it must be.
            if open.count >= longest { isSentenceOver = true }
            open.append(scalar)
        }
        return pieces + [String(open)]
    }

    /// The elements of all lists that an object holds, and its other members together.
    private static func elements(of value: Value) -> [String] {
        switch value {
        case .list(let values): return values.map(text)
        case .object(let members):
            let lists = members.filter { ($0.value.list ?? []).contains { $0.members != nil } }
            let others = members.filter { member in !lists.contains { $0.key == member.key } }
            return (others.isEmpty ? [] : [Value.object(others).yaml()]) + lists.flatMap { elements(of: $0.value) }
        default: return [text(value)]
        }
    }

    private static func text(_ value: Value) -> String {
        let text = value.string ?? value.yaml()
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
