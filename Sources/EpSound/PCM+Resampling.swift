public import EpCore

extension PCM {
    /// The same sound at another rate, in step with the original: sample n of the result is the time n / rate.
    ///
    /// Resample a line from its beginning, and cut afterwards: then every cut of it has the same samples.
    /// - Throws: `system` if the resampler cannot be made.
    public func resampled(to rate: Int = PCM.timelineRate) throws(Diagnostic) -> PCM {
        if rate == sampleRate { return self }
        var resampled: [[Float]] = []
        for channel in channels {
            let total = Resampler.count(count, from: sampleRate, to: rate)
            let resampler = try Resampler(from: sampleRate, to: rate)
            var samples: [Float] = []
            samples.reserveCapacity(total)
            resampler.feed(channel, to: &samples)
            resampler.finish(max(0, total - samples.count), to: &samples)
            resampled.append(Array(samples.prefix(total)))
        }
        return PCM(sampleRate: rate, channels: resampled)
    }
}
