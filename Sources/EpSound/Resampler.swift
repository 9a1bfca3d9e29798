internal import CSpeexDSP
import EpCore

/// One channel on its way to another rate, from its beginning to its end, in pieces of any size.
///
/// A sample of the result depends on the sound around it and not on where the pieces end.
final class Resampler {
    /// Filter quality, 0 to 10: at 7 what folds back lies below −85 dB and the pass band reaches 0.93 of the lower
    /// Nyquist frequency; 10 costs twice as much.
    private static let quality: Int32 = 7
    /// Samples that are made at a time, at most.
    private static let room = 16_384

    private let state: OpaquePointer

    /// - Throws: `system` if it cannot be made.
    init(from: Int, to: Int) throws(Diagnostic) {
        var status: Int32 = 0
        guard let state = speex_resampler_init(1, UInt32(from), UInt32(to), Self.quality, &status) else {
            throw Diagnostic(.system, "the resampler from \(from) to \(to) Hz cannot be made (\(status))")
        }
        self.state = state
        // Leaves out the filter's own delay, so that nothing shifts.
        speex_resampler_skip_zeros(state)
    }

    deinit { speex_resampler_destroy(state) }

    /// How many samples a sound has at another rate.
    static func count(_ count: Int, from: Int, to: Int) -> Int { (count * to + from - 1) / from }

    /// Appends what a piece of the sound makes certain.
    func feed(_ input: [Float], to output: inout [Float]) {
        input.withUnsafeBufferPointer { input in
            var rest = input[...]
            while !rest.isEmpty {
                let consumed = run(UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count, room: Self.room, into: &output)
                rest = rest.dropFirst(consumed)
            }
        }
    }

    /// Appends so many more samples: what is still within the filter comes out as silence follows.
    func finish(_ count: Int, to output: inout [Float]) {
        let end = output.count + count
        while output.count < end { _ = run(nil, count, room: min(Self.room, end - output.count), into: &output) }
    }

    /// - Returns: how much of the input was taken.
    private func run(_ input: UnsafePointer<Float>?, _ inputCount: Int, room: Int, into output: inout [Float]) -> Int {
        var consumed = UInt32(clamping: inputCount)
        output += [Float](unsafeUninitializedCapacity: room) { buffer, written in
            var produced = UInt32(room)
            speex_resampler_process_float(state, 0, input, &consumed, buffer.baseAddress, &produced)
            written = Int(produced)
        }
        return Int(consumed)
    }
}
