public import EpCore

extension MixWindow {
    /// The finished sound of a range: rendered, brought to its level, limited to −2 dB true peak.
    /// - Parameters:
    ///   - range: in samples of the window; at most two MP3 frames beyond it.
    ///   - gainDecibels: of the whole episode; the same for all of its parts.
    /// - Throws: as ``render(_:from:)``.
    public func master(_ range: Range<Int>, gainDecibels: Double, from sources: [PCM]) throws(Diagnostic) -> PCM {
        var channels = [[Float](), [Float]()]
        for channel in 0..<2 { channels[channel].reserveCapacity(range.count) }
        // In pieces that stay in the processor's cache, which is a third faster. They fit, as no sample depends on
        // where its window begins.
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 32_768) {
            let piece = start..<min(start + 32_768, range.upperBound)
            let seen = piece.lowerBound - Limiter.before..<piece.upperBound + Limiter.after
            let limited = Limiter.limited(try render(seen, from: sources).amplified(gainDecibels))
            for channel in 0..<2 { channels[channel] += limited.channels[channel] }
        }
        return PCM(sampleRate: PCM.timelineRate, channels: channels)
    }

    /// Measures how loud this part is, with the limiter at work.
    ///
    /// Lines that are levelled one by one (``LineMeasure``) need next to no further gain; measure with a gain of 0, and the
    /// difference between that and the final gain is too small to matter for what the limiter does.
    public func loudness(gainDecibels: Double = 0, from sources: [PCM]) throws(Diagnostic) -> LoudnessBlocks {
        // The weighting filters forget within 50 ms.
        let preRoll = isFirst ? 0 : MP3.contextFrames * MP3.samplesPerFrame
        let sound = try master(-preRoll..<length, gainDecibels: gainDecibels, from: sources)
        return LoudnessBlocks(of: sound, in: preRoll..<preRoll + length, preRoll: preRoll)
    }

    /// Encodes this part so that it can be joined with its neighbours: as many frames as it is long, and the padding if it
    /// is the last.
    ///
    /// The encoder also gets two frames of what is heard before and after the part; the frames that this makes are dropped.
    /// - Throws: as ``render(_:from:)``; `badInput` for a bit rate that MP3 does not have; `system` if LAME fails.
    public func encode(
        gainDecibels: Double, settings: MP3.Settings = MP3.Settings(), from sources: [PCM]
    ) throws(Diagnostic) -> MP3Part {
        let before = isFirst ? 0 : MP3.contextFrames
        let after = isLast ? 0 : MP3.contextFrames
        let count = isLast ? MP3.frameCount(samples: length) : length / MP3.samplesPerFrame
        let sound = try master(
            -before * MP3.samplesPerFrame..<length + after * MP3.samplesPerFrame, gainDecibels: gainDecibels,
            from: sources)
        let bytes = try MP3Encoder.encode(sound, frames: before..<before + count, isLast: isLast, settings: settings)
        return MP3Part(bytes: bytes, summary: try MP3Summary(of: bytes, named: "part"))
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
    /// The same sound, louder or softer.
    public func amplified(_ decibels: Double) -> PCM {
        if decibels == 0 { return self }
        let gain = Decibels.amplitude(decibels)
        return PCM(sampleRate: sampleRate, channels: channels.map { $0.map { $0 * gain } })
    }
}
