import EpCore
import Glibc

extension MixWindow {
    /// Adds everything up, before gain and limiter.
    ///
    /// A sample depends only on the sounds and on where it is in the timeline, not on where a window or `range` begins; but for the noise
    /// of the room,
    /// which is counted from the window's beginning.
    /// - Parameters:
    ///   - range: in samples of the window; may go beyond it by what the window knows of its neighbours (``reach``).
    ///   - sources: as the window counts them, whole.
    /// - Returns: stereo, `range.count` long; silence before the beginning of the file and after its end.
    /// - Throws: `badInput` if the window and its sources do not belong together, or what reading a source throws.
    public func render(_ range: Range<Int>, from sources: MixSounds) throws -> PCM {
        try check()
        var left = [Float](repeating: 0, count: range.count)
        var right = left
        let heard = range.clamped(to: (isFirst ? 0 : .min)..<(isLast ? length : .max))
        try left.withUnsafeMutableBufferPointer { left in
            try right.withUnsafeMutableBufferPointer { right in
                let output = [left, right]
                if let toneDecibels { RoomTone.add(toneDecibels, to: output, at: range.lowerBound, within: heard) }
                for (index, placement) in placements.enumerated() where placement.range.overlaps(heard) {
                    let sound = try sound(
                        placement.source, for: .placement(index), in: sources, start: placement.start, length: placement.length)
                    try placement.add(sound, to: output, at: range.lowerBound, within: heard)
                }
                for (index, bed) in beds.enumerated() where bed.isHeard(in: heard) {
                    let sound = try sound(bed.source, for: .bed(index), in: sources, start: 0, length: bed.length)
                    try bed.add(sound, to: output, at: range.lowerBound, within: heard)
                }
            }
        }
        return PCM(sampleRate: PCM.timelineRate, channels: [left, right])
    }

    private func check() throws(Diagnostic) {
        guard length >= 0, isLast || length.isMultiple(of: MP3.samplesPerFrame) else {
            throw Self.problem("has a part of \(length) samples, which is no whole number of MP3 frames")
        }
    }

    private func sound(_ source: Int, for use: MixSounds.Use, in sources: MixSounds, start: Int, length: Int) throws -> SoundStream {
        guard (0..<sources.count).contains(source) else { throw Self.problem("names sound \(source) of \(sources.count)") }
        let sound = try sources.stream(source, for: use)
        guard start >= 0, length >= 0, start + length <= sound.count else {
            throw Self.problem("plays samples \(start) to \(start + length) of a sound that has \(sound.count)")
        }
        return sound
    }

    private static func problem(_ what: String) -> Diagnostic { Diagnostic(.badInput, "the mix \(what)") }
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
        _ sound: SoundStream, to output: [UnsafeMutableBufferPointer<Float>], at origin: Int, within heard: Range<Int>
    ) throws {
        let part = range.clamped(to: heard)
        let shift = start - offset
        let played = part.lowerBound + shift..<part.upperBound + shift
        try sound.load(played)
        for (channel, output) in output.enumerated() {
            let gain = amplitude(channel: channel, isStereo: sound.isStereo)
            sound.withSamples(of: sound.isStereo ? channel : 0, in: played) { add($0, of: part, gain, to: output, at: origin) }
        }
    }

    /// - Parameter samples: of the source, as long as the part of its range that is played.
    private func add(
        _ samples: UnsafeBufferPointer<Float>, of part: Range<Int>, _ gain: Float, to output: UnsafeMutableBufferPointer<Float>,
        at origin: Int
    ) {
        let rise = min(Self.fadeIn, length / 2)
        let fall = min(Self.fadeOut, length / 2)
        for n in part.clamped(to: range.lowerBound..<range.lowerBound + rise) {
            output[n - origin] += samples[n - part.lowerBound] * (gain * Float(n - offset + 1) / Float(rise + 1))
        }
        let steady = part.clamped(to: range.lowerBound + rise..<range.upperBound - fall)
        if !steady.isEmpty {
            let input = samples.extracting(steady.lowerBound - part.lowerBound..<steady.upperBound - part.lowerBound)
            let sum = output.extracting(steady.lowerBound - origin..<steady.upperBound - origin)
            for index in input.indices { sum[index] += input[index] * gain }
        }
        for n in part.clamped(to: range.upperBound - fall..<range.upperBound) {
            output[n - origin] += samples[n - part.lowerBound] * (gain * Float(range.upperBound - n) / Float(fall + 1))
        }
    }
}

extension MixWindow.Bed {
    /// Whether anything but silence of it is in a range.
    fileprivate func isHeard(in range: Range<Int>) -> Bool {
        !range.isEmpty && fades.segments(in: range).contains { !$0.isSilent } && ducking.segments(in: range).contains { !$0.isSilent }
    }

    fileprivate func add(
        _ sound: SoundStream, to output: [UnsafeMutableBufferPointer<Float>], at origin: Int, within heard: Range<Int>
    ) throws {
        let level = Decibels.amplitude(levelDecibels) * (sound.isStereo ? 1 : Float(0.5.squareRoot()))
        for fade in fades.segments(in: heard) where !fade.isSilent {
            for duck in ducking.segments(in: fade.range) where !duck.isSilent {
                for run in runs(in: duck.range) {
                    let played = run.position..<run.position + run.range.count
                    try sound.load(played)
                    for (channel, output) in output.enumerated() {
                        let sum = output.extracting(run.range.lowerBound - origin..<run.range.upperBound - origin)
                        sound.withSamples(of: sound.isStereo ? channel : 0, in: played) {
                            Self.add($0, level, fade, duck, from: run.range.lowerBound, to: sum)
                        }
                    }
                }
            }
        }
    }

    private static func add(
        _ input: UnsafeBufferPointer<Float>, _ level: Float, _ fade: Envelope.Segment, _ duck: Envelope.Segment, from start: Int,
        to sum: UnsafeMutableBufferPointer<Float>
    ) {
        if fade.isConstant && duck.isConstant {
            let gain = level * (fade.low * duck.low)
            for index in input.indices { sum[index] += input[index] * gain }
        } else {
            for index in input.indices {
                let n = start &+ index
                sum[index] += input[index] * (level * (fade.amplitude(at: n) * duck.amplitude(at: n)))
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
