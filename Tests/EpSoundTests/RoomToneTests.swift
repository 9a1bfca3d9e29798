import EpCore
import EpSound
import Testing

/// The noise of the room: even, everywhere, and no seam where parts meet.
@Suite struct RoomToneTests {
    private static func level(_ samples: ArraySlice<Float>) -> Double {
        Decibels.level(ofAmplitude: (samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)).squareRoot())
    }

    private func window(_ frames: Int, isLast: Bool = false) -> MixWindow {
        MixWindow(length: 1_152 * frames, isFirst: false, isLast: isLast, toneDecibels: -66)
    }

    @Test func itIsEven() throws {
        let sound = try window(400).render(0..<1_152 * 400, from: MixSounds([PCM]()))
        for channel in sound.channels {
            for start in stride(from: 0, to: channel.count - 4_410, by: 4_410) {
                let level = Self.level(channel[start..<start + 4_410])
                #expect((-70 ... -62).contains(level), "\(level) dB at \(start)")
            }
            #expect(abs(Self.level(channel[...]) + 66) < 0.3)
            #expect(abs(channel.reduce(0, +) / Float(channel.count)) < 1e-5)
        }
        #expect(sound.channels[0] != sound.channels[1])
    }

    @Test func itIsTheSameWhereverAPartStands() throws {
        var whole = MixWindow(length: 1_152 * 300, isFirst: true, isLast: true, toneDecibels: -60)
        whole.placements = [.init(source: 0, offset: 1_152 * 100, start: 0, length: 4_000, gainDecibels: 0)]
        let (early, late) = (
            whole.part(1_152 * 90..<1_152 * 120).window,
            {
                whole.placements[0].offset += 1_152; return whole.part(1_152 * 91..<1_152 * 121).window
            }()
        )
        #expect(early == late && early.toneDecibels == -60)
        // Nothing is heard before the beginning of the file and after its end.
        let sound = try whole.part(0..<1_152 * 3).window.render(-500..<500, from: MixSounds([PCM]()))
        #expect(sound.channels[0][..<500].allSatisfy { $0 == 0 } && sound.channels[0][500...].contains { $0 != 0 })
    }

    /// Decoded by ffmpeg: where two parts meet, the floor is neither louder nor softer than elsewhere, and nothing clicks.
    @Test func nothingIsHeardOfACut() async throws {
        let windows = [window(40), window(40), window(40), window(40, isLast: true)]
        var first = windows[0]
        first.isFirst = true
        let parts = try ([first] + windows.dropFirst()).map { try $0.encode(gainDecibels: 0, from: MixSounds([PCM]())) }
        let decoded = try PCM(sound: parts.flatMap(\.bytes), named: "parts.mp3")
        let samples = decoded.channels[0]
        #expect(samples.count > 1_152 * 150)
        let levels = stride(from: 4_608, to: 1_152 * 150, by: 1_152).map { Self.level(samples[$0..<$0 + 1_152]) }
        let quietest = try #require(levels.min()), loudest = try #require(levels.max())
        #expect(quietest > -72 && loudest < -60, "\(quietest) to \(loudest) dB")
        // The steps around the cuts are like all others.
        let steps = zip(samples, samples.dropFirst()).map { abs($1 - $0) }
        let most = try #require(steps[4_608..<1_152 * 150].max())
        for cut in [40, 80, 120] {
            let around = steps[1_152 * cut - 3_000..<1_152 * cut + 3_000]
            #expect(try #require(around.max()) <= most * 1.001 && Self.level(samples[1_152 * cut - 3_000..<1_152 * cut + 3_000]) > -70)
        }
    }
}
