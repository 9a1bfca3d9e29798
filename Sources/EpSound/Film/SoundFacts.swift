public import EpCore

/// What a film must know of a sound: how long it is to the sample, where something is heard in it, and how much louder it must be.
public struct SoundFacts: Hashable, Sendable {
    /// In each channel.
    public let samples: Int
    public let sampleRate: Int
    public let isStereo: Bool
    /// Positions in it are at the timeline's rate.
    public let measure: LineMeasure

    public var seconds: Double { Double(samples) / Double(sampleRate) }

    /// From when to when something is heard, in seconds.
    public var heard: ClosedRange<Double> {
        let rate = Double(PCM.timelineRate), total = Int((seconds * rate).rounded(.up))
        // A measure leaves a margin around what it has found.
        let (start, end) = (measure.start, measure.start + measure.length)
        let first = start == 0 ? 0 : start + Trim.marginBefore, last = end >= total ? total : end - Trim.marginAfter
        return min(Double(first) / rate, seconds)...min(seconds, Double(max(first, last)) / rate)
    }

    /// Reads a sound of any form that is read here; a WAV file a piece at a time.
    /// - Parameter isMeant: true if it may be silent: that of a placeholder.
    /// - Throws: `badInput` for what is damaged, empty, or no such sound.
    public init(_ bytes: any RandomAccessBytes, named name: String, isMeant: Bool) throws {
        let source = try Self.source(bytes, named: name)
        (samples, sampleRate, isStereo) = (source.count, source.sampleRate, source.channelCount == 2)
        let stream = SoundStream(source: source)
        measure = isMeant ? LineMeasure(ofSilence: stream) : try LineMeasure(of: stream)
    }

    /// A sound to be read, whatever its form.
    /// - Throws: as ``init(_:named:isMeant:)``.
    public static func stream(_ bytes: any RandomAccessBytes, named name: String) throws -> SoundStream {
        try SoundStream(source: source(bytes, named: name))
    }

    private static func source(_ bytes: any RandomAccessBytes, named name: String) throws -> any SampleSource {
        let start = try bytes.bytes(in: 0..<min(64, bytes.count))
        if SoundFormat.of(start) == .wav { return try WAVFile(bytes, named: name) }
        return try PCM(sound: bytes.bytes(in: 0..<bytes.count), named: name)
    }
}
