import EpCore
import EpProviders
import EpScript
import EpSound

extension Timeline {
    /// Where a word of a line begins, in samples: where its voice says so, else by how many letters come before it.
    /// - Parameter word: how many words come before it; all of them: where the line ends.
    func place(ofWord word: Int, in segment: Segment) -> Int {
        let spoken = script.lines[segment.line].text.split(separator: " ")
        guard word > 0 else { return segment.start }
        guard word < spoken.count else { return segment.range.upperBound }
        let before = spoken[..<word].reduce(0) { $0 + Self.letters($1) }
        let all = max(1, spoken.reduce(0) { $0 + Self.letters($1) })
        guard let timed = words[segment.line], !timed.isEmpty else { return segment.start + segment.length * before / all }
        // A voice may part words otherwise than the script: what counts is how many letters have been said.
        var said = 0
        for time in timed {
            if said >= before { return place(time.start, in: segment) }
            said += Self.letters(time.text[...])
        }
        return segment.range.upperBound
    }

    private static func letters(_ word: Substring) -> Int { word.count { $0.isLetter || $0.isNumber } }

    /// Where a moment of a line's sound lies, in samples: what stands before and after its speech is not heard.
    func place(_ time: Double, in segment: Segment) -> Int {
        let heard = Self.samples(min(max(time, 0), 86_400)) - lines[segment.line].start
        return segment.start + min(max(heard, 0), segment.length)
    }
}

extension Timeline {
    /// What the documents of an episode need: lines with their times in seconds, and chapters.
    var value: Value {
        func seconds(_ samples: Int) -> Value { .double((Double(samples) / Double(PCM.timelineRate) * 10_000).rounded() / 10_000) }
        let recorded = played.map { file, range -> Value in
            .object(
                [.init("file", .string(file)), .init("start", seconds(range.lowerBound)), .init("end", seconds(range.upperBound))]
                    + (texts[Path(file)].map { [.init("text", .string($0))] } ?? []))
        }
        return .object([
            .init("samples", .int(Int64(length))),
            .init("lines", .list(segments.map { segment in
                let line = script.lines[segment.line]
                let heard = (words[segment.line] ?? []).map { word -> Value in
                    [seconds(place(word.start, in: segment)), seconds(place(word.end, in: segment))]
                }
                let members: [Value.Member] = [
                    .init("speaker", .string(line.speaker)), .init("text", .string(line.text)), .init("start", seconds(segment.start)),
                    .init("end", seconds(segment.range.upperBound)),
                ]
                return .object(members + (heard.isEmpty ? [] : [.init("words", .list(heard))]))
            })),
            .init("chapters", .list(chapters.map { ["title": .string($0.title), "start": seconds($0.start)] })),
        ] + (recorded.isEmpty ? [] : [.init("recordings", .list(recorded))]))
    }
}
