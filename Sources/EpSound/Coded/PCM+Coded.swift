public import EpCore

extension PCM {
    /// Reads a whole sound in any form that voices send: WAV, MP3, FLAC or Opus.
    /// - Parameter name: the file's name, for messages.
    /// - Throws: `badInput` for what is damaged, cut short, empty, or of another form.
    public init(sound bytes: [UInt8], named name: String) throws(Diagnostic) {
        let remedy = "convert it with ffmpeg to WAV"
        func wrong(_ what: String) -> Diagnostic {
            Diagnostic(.badInput, "the sound \(what)", at: SourceLocation(file: name), remedy: remedy)
        }
        let format = SoundFormat.of(bytes)
        let decoded: (channels: [[Float]], sampleRate: Int)?
        switch format {
        case .wav:
            try self.init(wav: bytes, named: name)
            return
        case .mp3: decoded = MP3Decoder.decode(bytes)
        case .flac: decoded = FLACDecoder.decode(bytes)
        case .opus: decoded = OpusDecoder.decode(bytes)
        case .vorbis, .mp4: throw wrong("is \(format?.rawValue ?? ""), which is not read here")
        case nil: throw wrong(bytes.isEmpty ? "is empty" : "is of no form that is known: it is neither WAV nor MP3, FLAC or Opus")
        }
        guard let decoded else { throw wrong("is damaged or cut short: it begins as \(format?.rawValue ?? "")") }
        guard decoded.channels[0].isEmpty == false else { throw wrong("has no samples") }
        self.init(sampleRate: decoded.sampleRate, channels: decoded.channels)
    }
}
