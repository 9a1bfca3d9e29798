import Glibc

/// A chapter of an audiobook as it is heard: its lines with a rest after each, between a little silence at either end.
///
/// The numbers are those of ACX, which other houses have taken over: RMS −23 to −18 dB, peaks of −3 dB at most, 0.5 to 1 s of silence
/// before and 1 to 5 s after.
public struct ReadingSound: Sendable {
    /// How loud it is, as ACX measures: of one channel, the silence counted in. In dB.
    public struct Level: Hashable, Sendable {
        public let rmsDecibels: Double
        public let peakDecibels: Double
        /// Of the quietest half second.
        public let noiseDecibels: Double
    }

    public static let targetDecibels = -20.0
    public static let headSeconds = 0.75
    public static let tailSeconds = 2.5
    /// The limiter keeps −2 dB; what the sound is lowered by after it, so that the encoded peaks keep −3.
    private static let reserveDecibels = 2.0

    private let window: MixWindow

    /// - Parameters:
    ///   - lines: one for each sound.
    ///   - rests: seconds of silence after each of them but the last.
    public init(lines: [LineMeasure], rests: [Double]) {
        var position = Self.samples(Self.headSeconds)
        var placements: [MixWindow.Placement] = []
        for (index, line) in lines.enumerated() where !line.isSilent {
            placements.append(
                .init(source: index, offset: position, start: line.start, length: line.length, gainDecibels: line.gainDecibels))
            position += line.length + (index < rests.count && index + 1 < lines.count ? Self.samples(rests[index]) : 0)
        }
        window = MixWindow(length: position + Self.samples(Self.tailSeconds), isFirst: true, isLast: true, placements: placements)
    }

    public var samples: Int { window.length }

    private static func samples(_ seconds: Double) -> Int { Int((seconds * Double(PCM.timelineRate)).rounded()) }

    /// The gain that brings the chapter to its level, in steps of 0.1 dB. Lines that are levelled one by one need little of it, so the
    /// limiter does then nearly what it did when this was measured.
    public func gainDecibels(from sounds: MixSounds) throws -> Double {
        var meter = Meter()
        try forEachPiece(gainDecibels: 0, from: sounds) { meter.listen(to: $0.channels[0]) }
        let level = meter.level
        return level.rmsDecibels > Decibels.silence ? Decibels.quantised(Self.targetDecibels - level.rmsDecibels) : 0
    }

    /// Listens to one channel.
    private struct Meter {
        private static let half = PCM.timelineRate / 2
        private var (sum, count, peak) = (0.0, 0, Float(0))
        private var (open, openCount, quietest) = (0.0, 0, Double.infinity)

        mutating func listen(to samples: [Float]) {
            for sample in samples {
                open += Double(sample) * Double(sample)
                openCount += 1
                peak = max(peak, abs(sample))
                if openCount == Self.half { endHalf() }
            }
        }

        private mutating func endHalf() {
            quietest = min(quietest, open / Double(Self.half))
            (sum, count, open, openCount) = (sum + open, count + openCount, 0, 0)
        }

        var level: Level {
            func decibels(_ power: Double) -> Double { Decibels.level(ofAmplitude: power.squareRoot()) }
            return Level(
                rmsDecibels: decibels((sum + open) / Double(max(1, count + openCount))),
                peakDecibels: Decibels.level(ofAmplitude: Double(peak)),
                noiseDecibels: quietest.isFinite ? decibels(quietest) : Decibels.silence)
        }
    }

    private func forEachPiece(gainDecibels: Double, from sounds: MixSounds, _ body: (PCM) throws -> Void) throws {
        try window.forEachMastered(0..<samples, gainDecibels: gainDecibels + Self.reserveDecibels, from: sounds) { piece in
            try body(piece.amplified(-Self.reserveDecibels))
        }
    }

    /// Encodes the chapter, all of its frames.
    /// - Parameter sink: gets the frames in order, some whole ones at a time.
    /// - Returns: what joining must know of them, and the level of what was encoded.
    /// - Throws: `badInput` for a bit rate that MP3 does not have; `system` if LAME fails.
    public func encode(gainDecibels: Double, settings: MP3.Settings, from sounds: MixSounds, to sink: ([UInt8]) throws -> Void) throws -> (
        MP3Summary, Level
    ) {
        let encoder = try MP3Encoder(settings, keeping: 0..<MP3.frameCount(samples: samples))
        var (summary, meter) = (MP3Summary.empty, Meter())
        func take(_ frames: [UInt8]) throws {
            if frames.isEmpty { return }
            summary = summary.followed(by: try MP3Summary(of: frames, named: "chapter"))
            try sink(frames)
        }
        try forEachPiece(gainDecibels: gainDecibels, from: sounds) { piece in
            meter.listen(to: piece.channels[0])
            try take(encoder.encode(piece))
        }
        try take(encoder.flush())
        try encoder.finish()
        return (summary, meter.level)
    }
}
