/// A piece of a transcript that is shown at once.
public struct Caption: Hashable, Sendable {
    public var speaker: String
    /// One or two lines, none of them empty.
    public var lines: [String]
    public var start: Timestamp
    /// After `start`.
    public var end: Timestamp

    fileprivate var duration: Int64 { end.milliseconds - start.milliseconds }
    fileprivate var characters: Int64 { Int64(lines.reduce(0) { $0 + $1.count }) }
}

extension Transcript {
    /// The transcript in captions, in order of time: every word is in one of them, none is longer than the layout
    /// allows, and no two are shown at once. Breaks fall between sentences if they can, else between clauses, else
    /// words; a word is broken only if it is longer than a line.
    public func captions(_ layout: CaptionLayout = .captions) -> [Caption] {
        var captions: [Caption] = []
        var previous: String?
        for segment in segments.sorted(by: { $0.start < $1.start }) {
            let speaker = segment.speaker.singleLine
            let isNamed = layout.namesSpeakers && speaker != previous && !speaker.isEmpty
            let label = isNamed ? speaker.shortened(to: layout.lineCharacters / 2 - 2) + ": " : ""
            captions += Captioner(pieces: CaptionPiece.pieces(of: segment, label: label, layout: layout), layout: layout)
                .captions(speaker: speaker)
            previous = speaker
        }
        captions.sort { $0.start < $1.start }
        Self.separate(&captions)
        return captions
    }

    /// Takes overlaps away. Where two people talk at once, a caption ends when the next begins, if it has stood for
    /// a second by then; else the two share the time by their characters.
    private static func separate(_ captions: inout [Caption]) {
        for index in captions.indices.dropFirst() where captions[index].start < captions[index - 1].end {
            let (first, second) = (captions[index - 1], captions[index])
            var boundary = second.start.milliseconds
            if boundary - first.start.milliseconds < min(first.duration, 1000) {
                let time = max(first.end, second.end).milliseconds - first.start.milliseconds
                let fair = first.start.milliseconds + time * first.characters / max(1, first.characters + second.characters)
                boundary = min(max(fair, boundary, first.start.milliseconds + 1), first.end.milliseconds)
            }
            captions[index - 1].end = Timestamp(milliseconds: boundary)
            captions[index].start = Timestamp(milliseconds: boundary)
            captions[index].end = max(second.end, Timestamp(milliseconds: boundary + 1))
        }
    }
}

/// Chooses where one segment is broken into captions: the cheapest of all ways, found from the front.
private struct Captioner {
    let pieces: [CaptionPiece]
    let layout: CaptionLayout

    func captions(speaker: String) -> [Caption] {
        var best: [(cost: Double, from: Int)] = [(0, 0)]
        for end in pieces.indices.map({ $0 + 1 }) {
            var choice = (cost: Double.infinity, from: end - 1)
            var characters = -pieces[end - 1].space
            for start in (0..<end).reversed() {
                characters += pieces[start].characters + pieces[start].space
                guard let cost = cost(start..<end, characters: characters) else { break }
                if best[start].cost + cost < choice.cost { choice = (best[start].cost + cost, start) }
            }
            best.append(choice)
        }
        var captions: [Caption] = []
        var end = pieces.count
        while end > 0 {
            captions.append(caption(best[end].from..<end, speaker: speaker))
            end = best[end].from
        }
        return captions.reversed()
    }

    /// Few captions, evenly full, broken where the sense breaks, none gone within a second. Nil if too much for one.
    private func cost(_ range: Range<Int>, characters: Int) -> Double? {
        let time = pieces[range.upperBound - 1].end.milliseconds - pieces[range.lowerBound].start.milliseconds
        guard range.count == 1 || time <= layout.longest.milliseconds, layout.fits(pieces[range], characters: characters)
        else { return nil }
        let slack = 1 - Double(characters) / Double(layout.lineCharacters * layout.lines)
        let haste = max(0, 1 - Double(time) / 1000)
        return 10 + 6 * slack * slack + 12 * haste + breakCost(after: range.upperBound - 1)
    }

    private func breakCost(after index: Int) -> Double {
        guard index < pieces.count - 1 else { return 0 }
        return switch pieces[index].after {
        case .sentence: 0
        case .clause: 3
        case .word: 8
        case .part: 20
        }
    }

    private func caption(_ range: Range<Int>, speaker: String) -> Caption {
        let start = pieces[range.lowerBound].start
        let end = min(pieces[range.upperBound - 1].end.milliseconds, start.milliseconds + layout.longest.milliseconds)
        return Caption(
            speaker: speaker, lines: layout.wrapped(pieces[range]) ?? [pieces[range].text], start: start,
            end: Timestamp(milliseconds: max(end, start.milliseconds + 1)))
    }
}
