/// The least that a caption can hold: a word, or a part of one that is longer than a line.
struct CaptionPiece {
    /// What ends with a piece.
    enum Boundary {
        case sentence, clause, word
        /// Nothing: the word goes on, without a space.
        case part

        /// What it costs to break a line here, in characters by which the two lines may differ instead.
        var lineCost: Int {
            switch self {
            case .sentence: 0
            case .clause: 14
            case .word: 34
            case .part: 60
            }
        }
    }

    var text: String
    /// As a reader counts them.
    let characters: Int
    let after: Boundary
    var start: Timestamp
    var end: Timestamp

    /// Spaces that follow it within a line.
    var space: Int { after == .part ? 0 : 1 }

    /// Relative length when spoken: the characters, and for a pause as many as are spoken in its time.
    private var weight: Double {
        switch after {
        case .sentence: Double(characters + 5)
        case .clause: Double(characters + 3)
        case .word: Double(characters + 1)
        case .part: Double(characters)
        }
    }
}

extension CaptionPiece {
    /// The pieces of a segment with their times: from its words' times, or else shared out by characters.
    /// - Parameter label: stands before the first word, and takes no time.
    static func pieces(of segment: Transcript.Segment, label: String, layout: CaptionLayout) -> [CaptionPiece] {
        let words = segment.text.words
        let end = max(segment.end, Timestamp(milliseconds: segment.start.milliseconds + 1))
        let isTimed = segment.words.count == words.count
        var pieces: [CaptionPiece] = []
        for (index, word) in words.enumerated() {
            let room = layout.lineCharacters - (index == 0 ? label.count : 0)
            var parts = split(word, room: room, rest: layout.lineCharacters)
            if isTimed { share(&parts, from: segment.words[index].start, to: segment.words[index].end) }
            if index == 0 { parts[0] = parts[0].labelled(label) }
            pieces += parts
        }
        if !isTimed { share(&pieces, from: segment.start, to: end) }
        return pieces
    }

    /// Cuts a word that is longer than a line into parts that are not.
    private static func split(_ word: String, room: Int, rest: Int) -> [CaptionPiece] {
        var parts: [CaptionPiece] = []
        var remaining = word[...]
        while true {
            let text = remaining.prefix(parts.isEmpty ? room : rest)
            remaining = remaining.dropFirst(text.count)
            let after = remaining.isEmpty ? boundary(after: word) : .part
            parts.append(CaptionPiece(text: String(text), characters: text.count, after: after, start: .zero, end: .zero))
            if remaining.isEmpty { return parts }
        }
    }

    private func labelled(_ label: String) -> CaptionPiece {
        CaptionPiece(text: label + text, characters: characters + label.count, after: after, start: start, end: end)
    }

    /// Gives each piece its part of a time; they follow one another without a gap.
    private static func share(_ pieces: inout [CaptionPiece], from start: Timestamp, to end: Timestamp) {
        let duration = max(0, end.seconds - start.seconds)
        let total = pieces.reduce(0) { $0 + $1.weight }
        var passed = 0.0
        for index in pieces.indices {
            pieces[index].start = Timestamp(seconds: start.seconds + duration * passed / total)
            passed += pieces[index].weight
            pieces[index].end = Timestamp(seconds: start.seconds + duration * passed / total)
        }
    }

    private static func boundary(after word: String) -> Boundary {
        if abbreviations.contains(word) { return .word }
        switch word.unicodeScalars.last(where: { !closing.contains($0) }) {
        case ".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।": return .sentence
        case ",", ";", ":", "—", "–", "、", "，", "；", "：", "،", "؛": return .clause
        default: return .word
        }
    }

    private static let closing: Set<Unicode.Scalar> = ["\"", "'", "”", "’", "»", "«", ")", "]", "*", "_"]
    private static let abbreviations: Set<String> = ["Mr.", "Mrs.", "Ms.", "Dr.", "St.", "Prof.", "vs.", "e.g.", "i.e."]
}

extension ArraySlice<CaptionPiece> {
    var text: String {
        var text = ""
        for piece in self {
            text += piece.text
            if piece.after != .part { text += " " }
        }
        return text.last == " " ? String(text.dropLast()) : text
    }

    /// Characters of `text`.
    var characters: Int {
        guard let last else { return 0 }
        return reduce(0) { $0 + $1.characters + $1.space } - last.space
    }
}
