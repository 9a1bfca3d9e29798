/// Words with directions between them: in stretches that a pause or a recording parts, each with the sounds that begin in it.
struct DirectedText {
    struct Stretch {
        /// White space folded, without marks, but with `Emphasis.stress`. May be empty.
        var text = ""
        /// Sounds, with the number of words before each.
        var effects: [(note: Element, name: String, word: Int)] = []
        /// The pause or the recording that ends it; nil for the last.
        var end: (note: Element, kind: Direction.Kind)?
    }

    private(set) var stretches: [Stretch] = []

    /// Stands for a note while emphasis is read: a character of private use, of the last plane.
    private static let sentinel: Unicode.Scalar = "\u{10FFFD}"

    /// - Parameters:
    ///   - element: words of a speech.
    ///   - marks: the notes and boneyards inside it, in their order.
    /// - Returns: nil if no direction is among them.
    init?(_ element: Element, marks: ArraySlice<Element>) {
        let bytes = Array(element.markup.utf8)
        let places = Layout(bytes).marks
        guard places.count == marks.count,
            !element.markup.unicodeScalars.contains(where: { $0 == Self.sentinel || $0 == Emphasis.stress })
        else { return nil }
        var (marked, offset) = ([UInt8](), 0)
        var directions: [(note: Element, kind: Direction.Kind)] = []
        for (place, mark) in zip(places, marks) {
            marked += bytes[offset..<place.bytes.lowerBound]
            offset = place.bytes.upperBound
            guard mark.kind == .note, case .direction(let kind) = DirectionNote(mark.text) else { continue }
            marked += Array(String(Character(Self.sentinel)).utf8)
            directions.append((mark, kind))
        }
        guard !directions.isEmpty else { return nil }
        let text = String(decoding: marked + bytes[offset...], as: UTF8.self)
        let spoken = Emphasis.stressed(text, around: Self.sentinel) ?? Emphasis.spoken(text)
        split(Array(spoken.unicodeScalars), at: directions)
    }

    private mutating func split(_ scalars: [Unicode.Scalar], at directions: [(note: Element, kind: Direction.Kind)]) {
        var next = directions[...]
        var stretch = Stretch()
        var words = String.UnicodeScalarView()
        func end() {
            stretch.text = String(words).split(separator: " ").joined(separator: " ")
            stretches.append(stretch)
            (stretch, words) = (Stretch(), String.UnicodeScalarView())
        }
        for (index, scalar) in scalars.enumerated() {
            guard scalar == Self.sentinel, let (note, kind) = next.popFirst() else {
                words.append(scalar)
                continue
            }
            switch kind {
            case .pause, .recording:
                stretch.end = (note, kind)
                end()
            case .effect(let name):
                let following = scalars[(index + 1)...].first { $0 != Self.sentinel }
                stretch.effects.append((note, name, Self.words(before: words, following)))
            }
        }
        end()
    }

    /// A sound inside a word begins with it.
    private static func words(before words: String.UnicodeScalarView, _ following: Unicode.Scalar?) -> Int {
        let count = String(words).split(separator: " ").count
        guard let last = words.last, last != " ", let following, following != " " else { return count }
        return count - 1
    }
}
