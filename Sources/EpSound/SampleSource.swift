/// Sound of which any stretch can be had.
protocol SampleSource {
    /// Samples a second in each channel.
    var sampleRate: Int { get }
    /// 1 or 2.
    var channelCount: Int { get }
    /// Samples in each channel.
    var count: Int { get }

    /// One array for each channel. The range must lie within the `count`.
    func samples(in range: Range<Int>) throws -> [[Float]]
}

extension PCM: SampleSource {
    var channelCount: Int { channels.count }

    func samples(in range: Range<Int>) -> [[Float]] {
        range == 0..<count ? channels : channels.map { Array($0[range]) }
    }
}
