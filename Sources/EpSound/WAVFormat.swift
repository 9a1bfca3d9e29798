import EpCore

/// How the samples of a WAV file are written, as its `fmt ` chunk tells.
struct WAVFormat: Hashable {
    enum Sample: Hashable {
        case unsigned8, signed16, signed24, signed32, float32, float64
        /// ITU-T G.711, as telephones have it.
        case aLaw, muLaw
    }

    let sample: Sample
    let channels: Int
    let sampleRate: Int
    /// Bytes of one sample of every channel.
    let stride: Int

    /// Bytes of one sample of one channel.
    var width: Int { stride / channels }

    /// What is wrong with a format.
    struct Problem: Error {
        let what: String
        var remedy: String?
    }

    /// Known names of what cannot be read, by the format's number (RFC 2361).
    private static let compressed = [
        0x02: "ADPCM", 0x11: "IMA ADPCM", 0x31: "GSM", 0x50: "MPEG", 0x55: "MP3", 0x92: "AC-3", 0xFF: "AAC", 0x161: "WMA",
    ]

    /// - Parameter chunk: the body of a `fmt ` chunk.
    init(_ chunk: [UInt8]) throws(Problem) {
        guard chunk.count >= 16 else { throw Problem(what: "ends within its format") }
        func word(_ offset: Int) -> Int { Int(chunk[offset]) | Int(chunk[offset + 1]) << 8 }
        var tag = word(0)
        // WAVE_FORMAT_EXTENSIBLE: the real one begins the GUID.
        if tag == 0xFFFE, chunk.count >= 26 { tag = word(24) }
        let (channels, rate, bits) = (word(2), word(4) | word(6) << 16, word(14))
        guard channels == 1 || channels == 2 else {
            throw Problem(what: "has \(channels) channels; 1 or 2 are understood", remedy: "mix it down: ffmpeg -i SOUND -ac 2 STEREO.wav")
        }
        guard (1_000...768_000).contains(rate) else { throw Problem(what: "has an impossible sample rate of \(rate) Hz") }
        guard let sample = Self.sample(tag, bits: bits, block: word(12), channels: channels) else {
            let name = Self.compressed[tag].map { "\($0), " } ?? ""
            throw Problem(what: "has samples of a kind that is not known: \(name)format \(tag), \(bits) bits")
        }
        self.sample = sample
        self.channels = channels
        sampleRate = rate
        stride = channels * Self.width(of: sample)
    }

    /// Integers are left-aligned in whole bytes, of which the block may have more than the bits need.
    private static func sample(_ tag: Int, bits: Int, block: Int, channels: Int) -> Sample? {
        switch (tag, bits) {
        case (1, 1...32):
            let least = (bits + 7) / 8
            let width = block.isMultiple(of: channels) && (least...4).contains(block / channels) ? block / channels : least
            return [.unsigned8, .signed16, .signed24, .signed32][width - 1]
        case (3, 32): return .float32
        case (3, 64): return .float64
        case (6, 8): return .aLaw
        case (7, 8): return .muLaw
        default: return nil
        }
    }

    private static func width(of sample: Sample) -> Int {
        switch sample {
        case .unsigned8, .aLaw, .muLaw: 1
        case .signed16: 2
        case .signed24: 3
        case .signed32, .float32: 4
        case .float64: 8
        }
    }
}
