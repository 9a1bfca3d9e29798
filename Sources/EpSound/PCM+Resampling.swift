internal import CSpeexDSP
public import EpCore

extension PCM {
    /// Filter quality of the resampler, 0 to 10: at 7 what folds back lies below −85 dB and the pass band
    /// reaches 0.93 of the lower Nyquist frequency; 10 costs twice as much.
    static let resamplingQuality: Int32 = 7

    /// The same sound at another rate, in step with the original: sample n of the result is the time n / rate.
    ///
    /// Resample a line whole, and cut afterwards: then every cut of it has the same samples.
    /// - Throws: `system` if the resampler cannot be made.
    public func resampled(to rate: Int = PCM.timelineRate) throws(Diagnostic) -> PCM {
        if rate == sampleRate { return self }
        var resampled: [[Float]] = []
        for channel in channels { resampled.append(try Self.resample(channel, from: sampleRate, to: rate)) }
        return PCM(sampleRate: rate, channels: resampled)
    }

    private static func resample(_ input: [Float], from: Int, to: Int) throws(Diagnostic) -> [Float] {
        var status: Int32 = 0
        guard let state = speex_resampler_init(1, UInt32(from), UInt32(to), resamplingQuality, &status) else {
            throw Diagnostic(.system, "the resampler from \(from) to \(to) Hz cannot be made (\(status))")
        }
        defer { speex_resampler_destroy(state) }
        // Leaves out the filter's own delay, so that nothing shifts.
        speex_resampler_skip_zeros(state)
        let count = (input.count * to + from - 1) / from
        return [Float](unsafeUninitializedCapacity: count) { output, written in
            written = 0
            input.withUnsafeBufferPointer { run(state, $0.baseAddress, $0.count, into: output, &written) }
            // What is still within the filter comes out as silence follows.
            while written < count { run(state, nil, count, into: output, &written) }
        }
    }

    private static func run(
        _ state: OpaquePointer, _ input: UnsafePointer<Float>?, _ inputCount: Int,
        into output: UnsafeMutableBufferPointer<Float>, _ written: inout Int
    ) {
        var consumed = UInt32(inputCount)
        var produced = UInt32(output.count - written)
        speex_resampler_process_float(state, 0, input, &consumed, output.baseAddress.map { $0 + written }, &produced)
        written += Int(produced)
    }
}
