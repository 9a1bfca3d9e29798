/// How much of a text is shown at once.
public struct CaptionLayout: Hashable, Sendable {
    /// Characters (as a reader sees them) in a line; at least 16.
    public let lineCharacters: Int
    /// Lines at once: 1 or 2.
    public let lines: Int
    /// The longest time that one caption stands.
    public let longest: Timestamp
    /// Puts `Name: ` before the text where the speaker changes, for formats that cannot say it otherwise.
    public let namesSpeakers: Bool

    public init(lineCharacters: Int, lines: Int, longest: Timestamp, namesSpeakers: Bool = false) {
        precondition(lineCharacters >= 16 && (1...2).contains(lines) && longest > .zero)
        self.lineCharacters = lineCharacters
        self.lines = lines
        self.longest = longest
        self.namesSpeakers = namesSpeakers
    }

    /// What a viewer can read in time: two lines of 42 characters, 7 seconds.
    public static let captions = CaptionLayout(lineCharacters: 42, lines: 2, longest: Timestamp(seconds: 7))
    /// What transcripts of Podcasting 2.0 should hold: lines of at most 65 characters.
    public static let transcript = CaptionLayout(lineCharacters: 65, lines: 1, longest: Timestamp(seconds: 7))

    var namingSpeakers: CaptionLayout {
        CaptionLayout(lineCharacters: lineCharacters, lines: lines, longest: longest, namesSpeakers: true)
    }

    /// The lines of a caption, or nil if the pieces do not fit into one.
    func wrapped(_ pieces: ArraySlice<CaptionPiece>) -> [String]? {
        split(pieces).map { [pieces[..<$0], pieces[$0...]].filter { !$0.isEmpty }.map(\.text) }
    }

    /// Whether the pieces, whose characters are counted already, fit into a caption.
    func fits(_ pieces: ArraySlice<CaptionPiece>, characters total: Int) -> Bool {
        if total <= lineCharacters { return true }
        guard lines == 2, total <= 2 * lineCharacters + 1 else { return false }
        var upper = 0
        for index in pieces.indices {
            let next = upper + pieces[index].characters
            if next > lineCharacters { break }
            upper = next + pieces[index].space
        }
        return total - upper <= lineCharacters
    }

    /// Where the second line begins (the end, if one line is enough): the two as even as possible, and rather
    /// broken after a clause than within one. Nil if the pieces do not fit.
    private func split(_ pieces: ArraySlice<CaptionPiece>) -> Int? {
        let total = pieces.characters
        if total <= lineCharacters { return pieces.endIndex }
        guard lines == 2, total <= 2 * lineCharacters + 1 else { return nil }
        var best: (cost: Int, split: Int)?
        var passed = 0
        for index in pieces.indices.dropLast() {
            let upper = passed + pieces[index].characters
            passed = upper + pieces[index].space
            let lower = total - passed
            guard upper <= lineCharacters, lower <= lineCharacters else { continue }
            let cost = abs(upper - lower) + pieces[index].after.lineCost
            if cost < best?.cost ?? .max { best = (cost, index + 1) }
        }
        return best?.split
    }
}
