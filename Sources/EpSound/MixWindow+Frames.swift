import EpCore

extension MixWindow {
    /// A part is encoded in stretches, each by an encoder of its own, so that any of its frames can be made without those before. The
    /// lengths of frames repeat after 49: a stretch of twice as many has the bytes that its bit rate promises.
    private static let stretch = 98

    /// How many frames the part has.
    public var frameCount: Int { isLast ? MP3.frameCount(samples: length) : length / MP3.samplesPerFrame }

    /// Encodes some frames of this part: the same bytes as in the whole.
    ///
    /// Each encoder also gets two frames of what is heard before and after its stretch; the frames that this makes are dropped.
    /// - Parameters:
    ///   - wanted: counted from the part's first frame; what lies beyond its end is left out.
    ///   - sink: gets them in order, some whole ones at a time.
    /// - Throws: as ``encode(gainDecibels:settings:from:to:)``.
    public func encode(
        _ wanted: Range<Int>, gainDecibels: Double, settings: MP3.Settings, from sources: MixSounds, to sink: ([UInt8]) throws -> Void
    ) throws {
        var stretches = try stretches.filter { $0.overlaps(wanted) }.map { try EncodedStretch($0, wanted, of: self, settings) }
        guard let first = stretches.first, let last = stretches.last else { return }
        // An episode without a sound has the encoder's own frame.
        if first.heard.isEmpty { return try stretches[0].take(PCM(sampleRate: PCM.timelineRate, channels: [[], []]), from: 0, to: sink) }
        var place = first.heard.lowerBound
        try forEachMastered(place..<last.heard.upperBound, gainDecibels: gainDecibels, from: sources) { piece in
            // Two at most are at work: the one whose sound ends, and the one whose begins.
            for index in stretches.indices { try stretches[index].take(piece, from: place, to: sink) }
            place += piece.count
            stretches.removeAll { $0.heard.upperBound <= place }
        }
    }

    /// The part's frames in stretches; what is left over at the end is of the last.
    private var stretches: [Range<Int>] {
        let count = max(1, frameCount / Self.stretch)
        return (0..<count).map { $0 * Self.stretch..<($0 == count - 1 ? frameCount : ($0 + 1) * Self.stretch) }
    }
}

/// Some frames of a part, while they are made.
private struct EncodedStretch {
    /// In samples of the part: what its encoder is given.
    let heard: Range<Int>
    private let frames: Range<Int>
    private let wanted: Range<Int>
    private let settings: MP3.Settings
    private let isEnd: Bool
    private var encoder: MP3Encoder?

    init(_ frames: Range<Int>, _ wanted: Range<Int>, of window: MixWindow, _ settings: MP3.Settings) throws {
        (self.frames, self.wanted, self.settings) = (frames, wanted.clamped(to: frames), settings)
        isEnd = window.isLast && frames.upperBound == window.frameCount
        let start = window.isFirst && frames.lowerBound == 0 ? 0 : frames.lowerBound - MP3.contextFrames
        let end = isEnd ? window.length : (frames.upperBound + MP3.contextFrames) * MP3.samplesPerFrame
        heard = start * MP3.samplesPerFrame..<end
    }

    /// Encodes what belongs to it of a piece of the part.
    mutating func take(_ piece: PCM, from place: Int, to sink: ([UInt8]) throws -> Void) throws {
        let part = heard.clamped(to: place..<place + piece.count)
        guard !part.isEmpty || heard.isEmpty else { return }
        let first = heard.lowerBound / MP3.samplesPerFrame
        let encoder = try encoder ?? MP3Encoder(settings, keeping: wanted.lowerBound - first..<wanted.upperBound - first)
        self.encoder = encoder
        let sound = part.count == piece.count ? piece : piece.samples(part.lowerBound - place..<part.upperBound - place)
        var made = try encoder.encode(sound)
        if part.upperBound == heard.upperBound {
            if isEnd { made += try encoder.flush() }
            try encoder.finish()
        }
        if !made.isEmpty { try sink(made) }
    }
}

extension PCM {
    fileprivate func samples(_ range: Range<Int>) -> PCM {
        PCM(sampleRate: sampleRate, channels: channels.map { Array($0[range]) })
    }
}
