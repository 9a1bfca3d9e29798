import EpCore

/// Writes down what can be known of a recording from its transcript: who speaks, of what, in short, and what is worth quoting.
/// Whatever it quotes was said in these words.
struct EnrichmentWriter {
    static let quoteCount = 4
    private let spoken: SpokenPassages
    private let variation: String

    init(_ prompt: Prompt) throws(Diagnostic) {
        spoken = try SpokenPassages(prompt)
        variation = prompt.variation
    }

    func document() -> Value {
        .object([
            .init("speakers", .list(speakers)), .init("topics", .strings(spoken.topics(atMost: 6))), .init("summary", .string(summary)),
            .init("quotes", .list(quotes)), .init("made_by", .string(OfflineWriter.madeByTranscript)),
        ])
    }

    private var speakers: [Value] {
        spoken.speakers.map { name in
            let role = spoken.host.map { $0 == name ? "asks" : "answers" } ?? "speaks"
            let seconds = spoken.passages.filter { $0.speaker == name }.reduce(0) { $0 + $1.seconds }
            return [
                "name": .string(name), "full_name": .string(spoken.fullName(name)), "role": .string(role),
                "seconds": .double((seconds * 10).rounded() / 10),
            ]
        }
    }

    /// Who talks of what, and the sentences that say most of it, one of each third.
    private var summary: String {
        let topics = spoken.topics(atMost: 3)
        let about = topics.isEmpty ? "" : " about \(Self.joined(topics))"
        let guests = spoken.guests.map(spoken.fullName)
        let opening = switch (spoken.host.map(spoken.fullName), guests.isEmpty) {
        case (let host?, _): "\(host) talks with \(Self.joined(guests))\(about)."
        case (nil, false): "\(Self.joined(guests)) \(guests.count == 1 ? "speaks" : "speak")\(about)."
        case (nil, true): "A recording\(about)."
        }
        let passages = spoken.passages
        let thirds = (0..<3).map { passages[$0 * passages.count / 3..<($0 + 1) * passages.count / 3] }
        let best = thirds.compactMap { third in
            third.filter { $0.speaker != spoken.host || spoken.host == nil }.max { spoken.worth($0) < spoken.worth($1) }
        }
        let told = best.filter { spoken.worth($0) > 0 }.map { $0.text }
        guard let guest = guests.first, !told.isEmpty else { return ([opening] + told).joined(separator: " ") }
        return "\(opening) In the words of \(guest): “\(told.joined(separator: " … "))”"
    }

    /// In the order of time. Other takes choose others that are nearly as good.
    private var quotes: [Value] {
        let ranked = spoken.passages.filter { spoken.worth($0) > 0 && ($0.speaker != spoken.host || spoken.host == nil) }
            .sorted { (spoken.worth($1), $0.start) < (spoken.worth($0), $1.start) }
        let pool = Array(ranked.prefix(Self.quoteCount + 2))
        let chosen = variation.isEmpty ? pool : StableHash.rotated(pool, by: variation)
        return chosen.prefix(Self.quoteCount).sorted { $0.start < $1.start }.map { passage in
            .object(
                [.init("text", .string(passage.text))]
                    + (passage.speaker.isEmpty ? [] : [.init("speaker", .string(spoken.fullName(passage.speaker)))])
                    + [.init("start_seconds", .double(passage.start)), .init("end_seconds", .double(passage.end))])
        }
    }

    static func joined(_ parts: [String]) -> String {
        parts.count < 2 ? parts.joined() : parts.dropLast().joined(separator: ", ") + " and \(parts[parts.count - 1])"
    }
}
