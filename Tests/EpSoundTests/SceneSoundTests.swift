import EpCore
import EpSound
import Testing

/// The sound of one scene of a film.
@Suite struct SceneSoundTests {
    private func tone(_ seconds: Double, rate: Int = 44_100, amplitude: Float = 0.5, channels: Int = 1) -> PCM {
        let samples = (0..<Int(seconds * Double(rate))).map { Float($0 % 100 < 50 ? 1 : -1) * amplitude }
        return PCM(sampleRate: rate, channels: Array(repeating: samples, count: channels))
    }

    private func samples(_ sound: PCM, gain: Double = 0, channels: Int = 1, isSettled: Bool = false, count: Int) throws -> [Int16] {
        var bytes: [UInt8] = []
        var scene = SceneSound(SoundStream(sound), gainDecibels: gain, channels: channels)
        if isSettled { try scene.settle() }
        try scene.write(samples: count) { bytes += $0 }
        return stride(from: 0, to: bytes.count, by: 2).map { Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) }
    }

    @Test(arguments: [8000, 22_050, 44_100, 48_000]) func isFollowedBySilence(rate: Int) throws {
        let found = try samples(tone(1, rate: rate), count: 60_416)
        #expect(found.count == 60_416)
        #expect(found[200..<47_800].contains { abs(Int($0)) > 8000 })
        #expect(found[48_002...].allSatisfy { $0 == 0 })
    }

    @Test func isLimited() throws {
        let found = try samples(tone(0.5, amplitude: 0.9), gain: 12, count: 30_000)
        // −2 dB, and what bringing it to 48 kHz adds.
        #expect((found.map { abs(Int($0)) }.max() ?? 0) < 30_500)
    }

    /// Peaks that the limiter takes, and the silence around it, make a sound softer than it was measured alone.
    @Test(arguments: [0.3, 1, 4]) func isAsLoudInTheFilmAsItIsToBe(seconds: Double) throws {
        let pulses = (0..<Int(seconds * 44_100)).map { Float($0 % 11_025 < 10 ? 0.9 : 0.1) * ($0 / 50 % 2 == 0 ? 1 : -1) }
        let sound = PCM(sampleRate: 44_100, channels: [pulses])
        let gain = try LineMeasure(of: sound).gainDecibels
        let count = Int(seconds * 48_000)
        let found = try samples(sound, gain: gain, isSettled: true, count: count + 48_000)
        let heard = PCM(sampleRate: 48_000, channels: [[Float](repeating: 0, count: 14_400) + found.map { Float($0) / 32_768 }])
        let loudness = try #require(LoudnessBlocks(of: SoundStream(heard)).integrated)
        #expect(abs(loudness + 16) < 0.4, "\(loudness)")
    }

    @Test func oneChannelBecomesTwoThatAreAsLoudTogether() throws {
        let one = try samples(tone(0.5, amplitude: 0.3), count: 26_000)
        let two = try samples(tone(0.5, amplitude: 0.3), channels: 2, count: 26_000)
        #expect(two.count == 2 * one.count)
        let (first, second) = (Double(one[9000]), Double(two[18_000]))
        #expect(abs(abs(second / first) - 0.7071) < 0.01, "\(first) \(second)")
        #expect(two[18_000] == two[18_001])
    }

    @Test func piecesAndWholesAreTheSame() throws {
        // Longer than is kept in memory at once.
        let found = try samples(tone(40, rate: 16_000, amplitude: 0.2), count: 48_000 * 41)
        let short = try samples(tone(2, rate: 16_000, amplitude: 0.2), count: 48_000 * 3)
        #expect(found[..<90_000] == short[..<90_000])
    }

    @Test func factsAreExactToTheSample() throws {
        let sound = PCM(
            sampleRate: 22_050,
            channels: [[Float](repeating: 0, count: 2205) + tone(1, rate: 22_050).channels[0] + [Float](repeating: 0, count: 4410)])
        let facts = try SoundFacts(sound.wav(), named: "x", isMeant: false)
        #expect(facts.samples == 22_050 + 6615 && facts.sampleRate == 22_050)
        #expect(abs(facts.heard.lowerBound - 0.1) < 0.02 && abs(facts.heard.upperBound - 1.1) < 0.02, "\(facts.heard)")
        #expect(throws: Diagnostic.self) { try SoundFacts([UInt8](), named: "x", isMeant: false) }
    }

    @Test func framesOfAAC() throws {
        func frame(_ length: Int) -> [UInt8] {
            [0xFF, 0xF1, 0x4C, UInt8(0x40 | length >> 11), UInt8(length >> 3 & 255), UInt8(length << 5 & 255), 0xFC]
                + [UInt8](repeating: 0xFF, count: length - 7)
        }
        let bytes = frame(9) + frame(300) + frame(7)
        #expect(try ADTSFrames.ranges(in: bytes, named: "x") == [0..<9, 9..<309, 309..<316])
        #expect(throws: Diagnostic.self) { try ADTSFrames.ranges(in: Array(bytes.dropLast()), named: "x") }
        #expect(throws: Diagnostic.self) { try ADTSFrames.ranges(in: Array("ID3".utf8) + bytes, named: "x") }
    }
}
