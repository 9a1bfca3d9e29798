public import EpCore
import Glibc

extension MixWindow {
    /// Adds everything up, before gain and limiter.
    ///
    /// A sample depends only on the sounds and on where it is in the timeline, not on where a window or `range` begins.
    /// - Parameters:
    ///   - range: in samples of the window; may go beyond it by what the window knows of its neighbours (``reach``).
    ///   - sources: as the window counts them, whole and at the timeline's rate.
    /// - Returns: stereo, `range.count` long; silence before the beginning of the file and after its end.
    /// - Throws: `badInput` if the window and its sources do not belong together.
    public func render(_ range: Range<Int>, from sources: [PCM]) throws(Diagnostic) -> PCM {
        try check(sources)
        var left = [Float](repeating: 0, count: range.count)
        var right = left
        let heard = range.clamped(to: (isFirst ? 0 : .min)..<(isLast ? length : .max))
        left.withUnsafeMutableBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
                for placement in placements {
                    let source = sources[placement.source]
                    for (channel, output) in [left, right].enumerated() {
                        let gain = placement.amplitude(channel: channel, isStereo: source.isStereo)
                        source.channels[source.isStereo ? channel : 0].withUnsafeBufferPointer { samples in
                            placement.add(samples, gain, to: output, at: range.lowerBound, within: heard)
                        }
                    }
                }
                for bed in beds {
                    let source = sources[bed.source]
                    for (channel, output) in [left, right].enumerated() {
                        source.channels[source.isStereo ? channel : 0].withUnsafeBufferPointer { samples in
                            bed.add(samples, isStereo: source.isStereo, to: output, at: range.lowerBound, within: heard)
                        }
                    }
                }
            }
        }
        return PCM(sampleRate: PCM.timelineRate, channels: [left, right])
    }

    private func check(_ sources: [PCM]) throws(Diagnostic) {
        func fail(_ what: String) -> Diagnostic { Diagnostic(.badInput, "the mix \(what)") }
        guard length >= 0, isLast || length.isMultiple(of: MP3.samplesPerFrame) else {
            throw fail("has a part of \(length) samples, which is no whole number of MP3 frames")
        }
        for source in sources where source.sampleRate != PCM.timelineRate {
            throw fail("has a sound of \(source.sampleRate) Hz; resample it to \(PCM.timelineRate) first")
        }
        let uses = placements.map { ($0.source, $0.start, $0.length) } + beds.map { ($0.source, 0, $0.length) }
        for (source, start, length) in uses {
            guard sources.indices.contains(source) else { throw fail("names sound \(source) of \(sources.count)") }
            let count = sources[source].count
            guard start >= 0, length >= 0, start + length <= count else {
                throw fail("plays samples \(start) to \(start + length) of a sound that has \(count)")
            }
        }
    }
}

extension MixWindow.Placement {
    /// Cutting into sound clicks; fading it over 1 ms at the beginning and 5 ms at the end does not.
    private static let fadeIn = PCM.timelineRate / 1_000
    private static let fadeOut = PCM.timelineRate / 200

    /// The factor on a channel: constant power for mono (−3 dB in the middle, so that a voice is as loud on two
    /// speakers as on one), balance for stereo.
    fileprivate func amplitude(channel: Int, isStereo: Bool) -> Float {
        let side = channel == 0 ? -pan : pan
        let share = isStereo ? min(1, 1 + side) : sin((side + 1) * Double.pi / 4)
        return Decibels.amplitude(gainDecibels) * Float(max(0, share))
    }

    fileprivate func add(
        _ samples: UnsafeBufferPointer<Float>, _ gain: Float, to output: UnsafeMutableBufferPointer<Float>,
        at origin: Int, within heard: Range<Int>
    ) {
        let rise = min(Self.fadeIn, length / 2)
        let fall = min(Self.fadeOut, length / 2)
        let shift = start - offset
        for n in range.lowerBound..<range.lowerBound + rise where heard.contains(n) {
            output[n - origin] += samples[n + shift] * (gain * Float(n - offset + 1) / Float(rise + 1))
        }
        let steady = heard.clamped(to: range.lowerBound + rise..<range.upperBound - fall)
        if !steady.isEmpty {
            let input = samples.extracting(steady.lowerBound + shift..<steady.upperBound + shift)
            let sum = output.extracting(steady.lowerBound - origin..<steady.upperBound - origin)
            for index in input.indices { sum[index] += input[index] * gain }
        }
        for n in range.upperBound - fall..<range.upperBound where heard.contains(n) {
            output[n - origin] += samples[n + shift] * (gain * Float(range.upperBound - n) / Float(fall + 1))
        }
    }
}

extension MixWindow.Bed {
    fileprivate func add(
        _ samples: UnsafeBufferPointer<Float>, isStereo: Bool, to output: UnsafeMutableBufferPointer<Float>,
        at origin: Int, within heard: Range<Int>
    ) {
        let level = Decibels.amplitude(levelDecibels) * (isStereo ? 1 : Float(0.5.squareRoot()))
        for fade in fades.segments(in: heard) {
            for duck in ducking.segments(in: fade.range) {
                for run in runs(in: duck.range) {
                    let input = samples.extracting(run.position..<run.position + run.range.count)
                    let sum = output.extracting(run.range.lowerBound - origin..<run.range.upperBound - origin)
                    if fade.isConstant && duck.isConstant {
                        let gain = level * (fade.low * duck.low)
                        for index in input.indices { sum[index] += input[index] * gain }
                    } else {
                        for index in input.indices {
                            let n = run.range.lowerBound &+ index
                            sum[index] += input[index] * (level * (fade.amplitude(at: n) * duck.amplitude(at: n)))
                        }
                    }
                }
            }
        }
    }

    /// The stretches of a range over which the source goes on without a jump, and where each begins in it.
    private func runs(in range: Range<Int>) -> [(range: Range<Int>, position: Int)] {
        guard length > 0 else { return [] }
        guard isLooping else {
            let part = range.clamped(to: -position..<length - position)
            return part.isEmpty ? [] : [(part, part.lowerBound + position)]
        }
        var runs: [(Range<Int>, Int)] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let place = Self.wrapped(start + position, length)
            let end = min(range.upperBound, start + length - place)
            runs.append((start..<end, place))
            start = end
        }
        return runs
    }
}
