/// Sound in memory: one array of samples per channel, all of the same length, full scale being ±1.
///
/// Everything is 32-bit float, so that levels may exceed full scale until the limiter.
public struct PCM: Hashable, Sendable {
    /// Samples a second in each channel.
    public let sampleRate: Int
    /// One array for mono, two (left, right) for stereo.
    public let channels: [[Float]]

    /// - Precondition: 1 or 2 channels of equal length.
    public init(sampleRate: Int, channels: [[Float]]) {
        precondition(channels.count == 1 || channels.count == 2)
        precondition(channels.allSatisfy { $0.count == channels[0].count })
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// The rate of every timeline, in Hz: what podcast players and ACX take without resampling.
    public static let timelineRate = 44_100

    /// Samples in each channel.
    public var count: Int { channels[0].count }
    public var isStereo: Bool { channels.count == 2 }
    public var seconds: Double { Double(count) / Double(sampleRate) }

    /// The largest magnitude of any sample of a range; 0 if it is empty.
    public func peak(in range: Range<Int>) -> Float {
        channels.reduce(0) { peak, samples in
            samples.withUnsafeBufferPointer { Self.peak(of: $0.extracting(range), from: peak) }
        }
    }

    static func peak(of samples: UnsafeBufferPointer<Float>, from start: Float = 0) -> Float {
        var peak = start
        for index in samples.indices { peak = max(peak, abs(samples[index])) }
        return peak
    }
}
