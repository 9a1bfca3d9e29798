import EpCore
import FoundationEssentials

/// A sound with its words, as Kokoro-FastAPI sends them: `{"audio", "timestamps": [{"word", "start_time", "end_time"}]}`.
///
/// Wire facts: `POST /dev/captioned_speech`, Kokoro-FastAPI 0.2 to 0.8. Whole, or in pieces, one JSON object a line, though nobody asked
/// for pieces.
/// Older ones send the sound alone, and the words into a file of theirs.
enum CaptionedSpeech {
    /// - Returns: nil if there is no JSON in the reply.
    static func read(_ reply: Reply) throws(ProviderFailure) -> SpokenSound? {
        let lines = reply.bytes.split { $0 == UInt8(ascii: "\n") }
        let pieces = reply.json.map { [$0] } ?? lines.compactMap { Value(json: Array($0)) }
        guard pieces.contains(where: { $0.members != nil }) else { return nil }
        guard reply.json != nil || pieces.count == lines.count else {
            throw ProviderFailure(.transient, "its answer broke off before its end")
        }
        var (sound, words) = ([UInt8](), [TimedWord]())
        for piece in pieces {
            if let error = piece["error"] ?? piece["detail"] {
                throw ProviderFailure(.transient, error["message"]?.string ?? error.string ?? "it broke off with an error")
            }
            sound += piece["audio"]?.string.flatMap { Data(base64Encoded: $0) } ?? Data()
            words += (piece["timestamps"]?.list ?? []).compactMap(word)
        }
        guard !sound.isEmpty else { throw ProviderFailure(.badAnswer, "its answer has no sound: \(reply.excerpt)") }
        return SpokenSound(sound, words: words)
    }

    /// Words and signs; what has no time is left out.
    private static func word(_ value: Value) -> TimedWord? {
        let (start, end) = (value["start_time"] ?? value["start"], value["end_time"] ?? value["end"])
        guard let text = value["word"]?.string, let start = start?.number, let end = end?.number else { return nil }
        return TimedWord(text.trimmed, from: start, to: max(start, end))
    }
}
