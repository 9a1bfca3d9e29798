import CEspeak
public import EpCore

/// A text as espeak-ng's library speaks it: the sound that the program makes, and when its words are heard.
///
/// The library keeps its state in the process, so only the process that speaks may use it, from one thread.
public struct EspeakSpeech: Sendable {
    /// Part of what tells the times: another revision may tell others.
    public static let revision = 1

    /// Samples a second.
    public let rate: Int
    /// Of 16 bits, low byte first, one channel: what stands in a WAV file.
    public let bytes: [UInt8]
    public let words: [SpokenWords.Word]

    /// The versions of all that decides the times, one a line.
    public static func versions() throws(Diagnostic) -> String {
        try load()
        return "words \(revision)\nespeak-ng \(String(cString: cespeak_version()))"
    }

    /// - Parameters:
    ///   - markup: the text in SSML, with the same words; nil: it is spoken as it stands.
    ///   - voice: as the program knows it: `en-gb`, `en-us+f3`.
    ///   - wordsPerMinute: how fast.
    ///   - pitch: 0 to 99; nil: as the voice has it.
    public init(_ text: String, markup: String? = nil, voice: String, wordsPerMinute: Int, pitch: Int?) throws(Diagnostic) {
        try Self.load()
        var speech = cespeak_speech()
        let (rate, pitch) = (Int32(clamping: wordsPerMinute), Int32(clamping: pitch ?? -1))
        switch cespeak_speak(voice, rate, pitch, markup ?? text, markup != nil, &speech) {
        case cespeak_none: break
        case cespeak_no_data: throw Diagnostic(.unavailable, "the data of espeak-ng is missing", remedy: "apt-get install espeak-ng-data")
        case cespeak_no_voice: throw Diagnostic(.badInput, "espeak-ng has no voice \"\(voice)\"")
        default: throw Diagnostic(.actionFailed, "espeak-ng has not spoken")
        }
        self.rate = Int(speech.rate)
        let samples = UnsafeBufferPointer(start: speech.samples, count: speech.sample_count)
        bytes = Array(UnsafeRawBufferPointer(samples))
        let events = UnsafeBufferPointer(start: speech.events, count: speech.event_count).map { event -> SpokenWords.Event in
            event.kind == cespeak_word ? .word(at: Int(event.position) - 1, sample: Int(event.sample)) : .end(sample: Int(event.sample))
        }
        // Before a new sentence it tells of no pause: a word ends where nothing of it is heard any more.
        words = SpokenWords(of: text, markup: markup, events, length: speech.sample_count).words.map { word in
            let end = samples[word.start..<word.end].lastIndex { $0.magnitude > Self.silence }
            return SpokenWords.Word(word.text, from: word.start, to: end.map { $0 + 1 } ?? word.start)
        }
    }

    /// What is softer than this is not heard.
    private static let silence: UInt16 = 64

    private static func load() throws(Diagnostic) {
        guard let missing = cespeak_load() else { return }
        throw Diagnostic(.unavailable, "\(String(cString: missing)) is missing", remedy: "apt-get install libespeak-ng1")
    }
}
