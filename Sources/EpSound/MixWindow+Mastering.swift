import EpCore

extension MixWindow {
    /// Samples that are mastered at a time: pieces that stay in the processor's cache, which is a third faster than one large one.
    private static let piece = 28 * MP3.samplesPerFrame

    /// Hands out the finished sound of a range, in pieces and in order: rendered, brought to its level, limited to −2 dB
    /// true peak. The pieces fit, as no sample depends on where its window begins.
    /// - Parameters:
    ///   - range: in samples of the window; at most two MP3 frames beyond it.
    ///   - gainDecibels: of the whole episode; the same for all of its parts.
    /// - Throws: as ``render(_:from:)``.
    func forEachMastered(
        _ range: Range<Int>, gainDecibels: Double, from sources: MixSounds, _ body: (PCM) throws -> Void
    ) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
            let piece = start..<min(start + Self.piece, range.upperBound)
            let seen = piece.lowerBound - Limiter.before..<piece.upperBound + Limiter.after
            try body(Limiter.limited(try render(seen, from: sources).amplified(gainDecibels)))
            sources.forget(before: piece.upperBound - Limiter.before, of: self)
        }
    }

    /// The finished sound of a range, as a whole.
    public func master(_ range: Range<Int>, gainDecibels: Double, from sources: [PCM]) throws -> PCM {
        var channels = [[Float](), [Float]()]
        for channel in 0..<2 { channels[channel].reserveCapacity(range.count) }
        try forEachMastered(range, gainDecibels: gainDecibels, from: MixSounds(sources)) { piece in
            for channel in 0..<2 { channels[channel] += piece.channels[channel] }
        }
        return PCM(sampleRate: PCM.timelineRate, channels: channels)
    }

    /// Measures how loud this part is, with the limiter at work.
    ///
    /// Lines that are levelled one by one (``LineMeasure``) need next to no further gain; measure with a gain of 0, and the
    /// difference between that and the final gain is too small to matter for what the limiter does.
    public func loudness(gainDecibels: Double = 0, from sources: MixSounds) throws -> LoudnessBlocks {
        var meter = LoudnessMeter(count: length)
        // The weighting filters forget within 50 ms.
        if !isFirst {
            try forEachMastered(-MP3.contextFrames * MP3.samplesPerFrame..<0, gainDecibels: gainDecibels, from: sources) { piece in
                piece.withChannels { meter.warmUp($0, $1) }
            }
        }
        try forEachMastered(0..<length, gainDecibels: gainDecibels, from: sources) { piece in
            piece.withChannels { meter.measure($0, $1) }
        }
        return meter.blocks
    }

    /// Encodes this part so that it can be joined with its neighbours: as many frames as it is long, and the padding if it
    /// is the last.
    /// - Parameter sink: gets the frames in order, some whole ones at a time.
    /// - Throws: as ``render(_:from:)``; `badInput` for a bit rate that MP3 does not have; `system` if LAME fails.
    public func encode(
        gainDecibels: Double, settings: MP3.Settings = MP3.Settings(), from sources: MixSounds, to sink: ([UInt8]) throws -> Void
    ) throws -> MP3Summary {
        var summary = MP3Summary.empty
        try encode(0..<frameCount, gainDecibels: gainDecibels, settings: settings, from: sources) { frames in
            summary = summary.followed(by: try MP3Summary(of: frames, named: "part"))
            try sink(frames)
        }
        return summary
    }

    /// The same, as a whole.
    public func encode(
        gainDecibels: Double, settings: MP3.Settings = MP3.Settings(), from sources: MixSounds
    ) throws -> MP3Part {
        var bytes: [UInt8] = []
        let summary = try encode(gainDecibels: gainDecibels, settings: settings, from: sources) { bytes += $0 }
        return MP3Part(bytes: bytes, summary: summary)
    }

    /// The gain that brings an episode to its loudness, in steps of 0.1 dB; 0 if all of it is silent.
    /// - Parameters:
    ///   - parts: measured with a gain of 0.
    ///   - target: in LUFS.
    public static func gainDecibels(
        for parts: some Sequence<LoudnessBlocks>, target: Double = LineMeasure.targetLoudness
    ) -> Double {
        LoudnessBlocks.integrated(parts).map { Decibels.quantised(target - $0) } ?? 0
    }
}

/// The frames of one part, and what joining must know of them.
public struct MP3Part: Hashable, Sendable {
    public let bytes: [UInt8]
    public let summary: MP3Summary
}

extension PCM {
    /// Both channels of stereo sound, or the one.
    fileprivate func withChannels(_ body: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>?) -> Void) {
        channels[0].withUnsafeBufferPointer { left in
            guard isStereo else { return body(left, nil) }
            channels[1].withUnsafeBufferPointer { body(left, $0) }
        }
    }

    /// The same sound, louder or softer.
    public func amplified(_ decibels: Double) -> PCM {
        if decibels == 0 { return self }
        let gain = Decibels.amplitude(decibels)
        return PCM(sampleRate: sampleRate, channels: channels.map { $0.map { $0 * gain } })
    }
}
