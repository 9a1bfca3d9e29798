import EpCore
import Testing

@testable import EpSound

/// Sound that is read in pieces is the same sound.
@Suite struct SoundStreamTests {
    /// Bytes that remember how much was asked for at once.
    private final class Watched: RandomAccessBytes {
        let bytes: [UInt8]
        private(set) var largest = 0
        init(_ bytes: [UInt8]) { self.bytes = bytes }
        var count: Int { bytes.count }
        func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
            largest = max(largest, buffer.count)
            try bytes.read(at: offset, into: buffer)
        }
    }

    private func sound(_ rate: Int, seconds: Double, channels: Int, seed: UInt64) -> PCM {
        var random = Seeded(seed)
        return PCM(
            sampleRate: rate,
            channels: (0..<channels).map { _ in (0..<Int(seconds * Double(rate))).map { _ in Float.random(in: -0.9...0.9, using: &random) }
            })
    }

    /// Wherever somebody reads, forward or back, there are the samples that the whole has there.
    @Test(arguments: [8_000, 22_050, 44_100, 48_000, 11_111]) func hasTheSamplesOfTheWhole(_ rate: Int) throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = Seeded(seed)
        let sound = try PCM(wav: sound(rate, seconds: 47.3, channels: rate == 48_000 ? 2 : 1, seed: seed).wav(), named: "a.wav")
        let whole = try sound.resampled()
        let stream = SoundStream(try WAVFile(sound.wav(), named: "a.wav"))
        #expect(stream.count == whole.count)
        var place = 0
        for _ in 0..<60 {
            let length = Int.random(in: 0...90_000, using: &random)
            place =
                Int.random(in: 0...9, using: &random) == 0
                ? Int.random(in: 0..<whole.count, using: &random) : place + Int.random(in: -400...50_000, using: &random)
            let range = (max(0, place)..<max(0, place) + length).clamped(to: 0..<whole.count)
            try stream.load(range)
            for channel in whole.channels.indices {
                let isSame = stream.withSamples(of: channel, in: range) { $0.elementsEqual(whole.channels[channel][range]) }
                #expect(isSame, "\(range), seed \(seed)")
            }
        }
    }

    /// Of a long sound, a few seconds at a time are asked for, whatever is done with it.
    @Test func readsLongSoundsInPieces() throws {
        let bytes = Watched(sound(22_050, seconds: 100, channels: 1, seed: 3).wav())
        func stream() throws -> SoundStream { SoundStream(try WAVFile(bytes, named: "a.wav")) }
        let measure = try LineMeasure(of: stream())
        #expect(measure.length > 99 * 44_100)
        let window = MixWindow(
            length: measure.length, isFirst: true, isLast: true,
            placements: [.init(source: 0, offset: 0, start: measure.start, length: measure.length, gainDecibels: measure.gainDecibels)])
        let sounds = MixSounds(count: 1) { _ in try stream() }
        _ = try window.loudness(from: sounds)
        var most = 0
        let summary = try window.encode(gainDecibels: 0, from: MixSounds(count: 1) { _ in try stream() }) { most = max(most, $0.count) }
        #expect(summary.frameCount == MP3.frameCount(samples: measure.length))
        #expect(bytes.largest <= 4 * 22_050 * 2)
        #expect(most <= 40 * 1_044)
    }

    /// A long sound that is played twice at once, once ahead of the other, and a loop of it: as from memory.
    @Test func playsOneSoundAtSeveralPlaces() throws {
        let long = sound(48_000, seconds: 40, channels: 2, seed: 9)
        let bytes = long.wav()
        let count = try PCM(wav: bytes, named: "a.wav").resampled().count
        var window = MixWindow(length: 1_152 * 1_700, isFirst: true, isLast: true)
        window.placements = [0, 441_000].map { .init(source: 0, offset: $0, start: 100, length: count - 200, gainDecibels: -20) }
        window.beds = [
            .init(
                source: 0, position: 1_000_000, length: count, isLooping: true, levelDecibels: -30,
                fades: .fading(0..<1_900_000, in: 9_000, out: 9_000))
        ]
        var opened = 0
        let streamed = try window.loudness(
            from: MixSounds(count: 1) { _ in
                opened += 1
                return SoundStream(try WAVFile(bytes, named: "a.wav"))
            })
        // Each of the three places has its own.
        #expect(opened == 3)
        let whole = try PCM(wav: bytes, named: "a.wav").resampled()
        #expect(streamed == LoudnessBlocks(of: try window.master(0..<window.length, gainDecibels: 0, from: [whole]), in: 0..<window.length))
    }

    /// What is heard no more is let go, and opened again only if it comes back.
    @Test func letsGoOfWhatIsHeardNoMore() throws {
        var window = MixWindow(length: 1_152 * 400, isFirst: true, isLast: true)
        window.placements = [0, 100_000, 300_000].enumerated().map {
            .init(source: $0 % 2, offset: $1, start: 0, length: 20_000, gainDecibels: 0)
        }
        var alive: [Int: Weak] = [:]
        var opened: [Int] = []
        let sounds = MixSounds(count: 2) { source in
            for (other, held) in alive where other != source && source == 1 { #expect(held.stream != nil, "\(other) is heard again") }
            opened.append(source)
            let stream = SoundStream(.tone(440, seconds: 1))
            alive[source] = Weak(stream: stream)
            return stream
        }
        _ = try window.loudness(from: sounds)
        #expect(opened == [0, 1])
        #expect(alive[0]?.stream == nil && alive[1]?.stream == nil)
    }

    private struct Weak { weak var stream: SoundStream? }

    /// A meter hears the same in pieces of any size.
    @Test(arguments: [3_000, 17_639, 17_640, 100_001]) func metersInPieces(_ count: Int) {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = Seeded(seed)
        let noise = PCM.noise(seconds: 3, amplitude: 0.3, seed: seed)
        var meter = LoudnessMeter(count: count)
        var place = 0
        while place < count {
            let end = min(count, place + Int.random(in: 1...5_000, using: &random))
            noise.channels[0].withUnsafeBufferPointer { left in
                noise.channels[1].withUnsafeBufferPointer { meter.measure(left.extracting(place..<end), $0.extracting(place..<end)) }
            }
            place = end
        }
        #expect(meter.blocks == LoudnessBlocks(of: noise, in: 0..<count), "seed \(seed)")
    }
}
