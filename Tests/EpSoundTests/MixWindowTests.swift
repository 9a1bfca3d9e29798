import EpCore
import EpSound
import Testing

@Suite struct MixWindowTests {
    /// Any part renders, and masters, to the very samples that the whole timeline has there.
    @Test func doesNotDependOnWhereAWindowBegins() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = Seeded(seed)
        let peer = Peer()
        let episode = try Episode(peer)
        let length = episode.timeline.length
        let whole = try episode.timeline.render(0..<length, from: episode.sources)
        let mastered = try episode.timeline.master(0..<length, gainDecibels: 5, from: episode.sources)
        #expect(whole.channels.allSatisfy { mastered.peak(in: 0..<length) < 0.8 && $0.contains { abs($0) > 0.6 } })
        for _ in 0..<12 {
            let start = Int.random(in: 0..<length - 2_000, using: &random) / 1_152 * 1_152
            let end = min(length / 1_152 * 1_152, start + 1_152 * Int.random(in: 1...60, using: &random))
            let part = episode.timeline.part(start..<end)
            let sources = part.sources.map { episode.sources[$0] }
            // Also what lies before and after, as the encoder hears it.
            let low = Int.random(in: -2_304...0, using: &random)
            let high = end - start + Int.random(in: 0...2_304, using: &random)
            let sound = try part.window.render(low..<high, from: sources)
            let limited = try part.window.master(low..<high, gainDecibels: 5, from: sources)
            for channel in 0..<2 {
                for n in max(0, start + low)..<min(length, start + high) {
                    guard sound.channels[channel][n - start - low] == whole.channels[channel][n],
                        limited.channels[channel][n - start - low] == mastered.channels[channel][n]
                    else {
                        Issue.record("sample \(n) differs in part \(start)..<\(end), seed \(seed)")
                        return
                    }
                }
            }
        }
    }

    /// A part is equal wherever in the episode it stands, and whatever happens elsewhere.
    @Test func knowsOnlyItsOwn() {
        func timeline(shift: Int) -> MixWindow {
            var window = MixWindow(length: 1_152 * 4_000, isFirst: true, isLast: true)
            window.placements = (0..<10).map {
                .init(source: $0, offset: $0 * 100_000 + ($0 > 0 ? shift : 0), start: 0, length: 90_000, gainDecibels: 0)
            }
            window.beds = [
                .init(
                    source: 10, position: -shift, length: 50_000, isLooping: true, levelDecibels: -3,
                    fades: .fading(0..<4_000_000 + shift, in: 9, out: 9),
                    ducking: .ducking(under: window.placements.map(\.range), decibels: -20, fade: 88_200))
            ]
            return window
        }
        let start = 1_152 * 400
        let before = timeline(shift: 0).part(start..<start + 1_152 * 100)
        let after = timeline(shift: 1_152 * 17).part(start + 1_152 * 17..<start + 1_152 * 117)
        #expect(before == after)
        #expect(before.sources == [4, 5, 10])
        #expect(before.window.beds[0].ducking.points == [.init(at: 0, decibels: -20)])
        #expect(before.window.beds[0].fades.points == [])
    }

    @Test func ducksUnderSpeech() throws {
        let one = PCM(sampleRate: 44_100, channels: Array(repeating: [Float](repeating: 1, count: 1_000), count: 2))
        let window = MixWindow(
            length: 100_000, isFirst: true, isLast: true,
            beds: [
                .init(
                    source: 0, position: 0, length: 1_000, isLooping: true, levelDecibels: 0,
                    fades: .fading(0..<90_000, in: 0, out: 1_000),
                    ducking: .ducking(under: [30_000..<40_000, 41_000..<60_000], decibels: -20, fade: 5_000))
            ])
        let level = try window.render(0..<100_000, from: [one]).channels[0]
        #expect(level[0] == 1 && level[25_000] == 1 && level[65_000] == 1 && level[89_000] == 1)
        #expect(level[30_000...60_000].allSatisfy { abs($0 - 0.1) < 1e-6 })
        #expect(abs(level[27_500] - 0.55) < 1e-3)
        #expect(level[90_000...].allSatisfy { $0 == 0 })
        #expect(zip(level[1..<90_000], level[2..<90_000]).allSatisfy { abs($0 - $1) < 0.002 })
    }

    /// A window of an envelope has the levels of the whole, steps included.
    @Test func cutsEnvelopes() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = Seeded(seed)
        let one = PCM(sampleRate: 44_100, channels: [[Float](repeating: 1, count: 40_000)])
        for _ in 0..<60 {
            var time = -5_000
            let points = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                time += [0, 1, 700, 9_000].randomElement(using: &random)!
                return Envelope.Point(at: time, decibels: [0, -20, -120].randomElement(using: &random)!)
            }
            let window = MixWindow(
                length: 1_152 * 30, isFirst: true, isLast: true,
                beds: [
                    .init(
                        source: 0, position: 0, length: 40_000, isLooping: false, levelDecibels: 0,
                        fades: Envelope(points))
                ])
            let whole = try window.render(0..<window.length, from: [one])
            let start = 1_152 * Int.random(in: 0...20, using: &random)
            let part = window.part(start..<start + 1_152 * 10)
            let sound = try part.window.render(0..<1_152 * 10, from: part.sources.map { _ in one })
            #expect(sound.channels[0] == Array(whole.channels[0][start..<start + 1_152 * 10]), "seed \(seed), \(points)")
        }
    }

    @Test func refusesWhatDoesNotBelongTogether() {
        let sound = PCM.tone(440, seconds: 0.1)
        let placement = MixWindow.Placement(source: 0, offset: 0, start: 4_000, length: 500, gainDecibels: 0)
        let window = MixWindow(length: 1_152, isFirst: true, isLast: false, placements: [placement])
        #expect(throws: Diagnostic.self) { try window.render(0..<10, from: [sound]) }
        #expect(throws: Diagnostic.self) { try window.render(0..<10, from: []) }
        // At the timeline's rate it has 4,500 samples, which are enough.
        let low = PCM(sampleRate: 22_050, channels: [[Float](repeating: 0, count: 2_250)])
        #expect(throws: Never.self) { try window.render(0..<10, from: [low]) }
        let short = PCM(sampleRate: 22_050, channels: [[Float](repeating: 0, count: 2_249)])
        #expect(throws: Diagnostic.self) { try window.render(0..<10, from: [short]) }
        #expect(throws: Diagnostic.self) {
            try MixWindow(length: 1_000, isFirst: true, isLast: false).render(0..<10, from: [])
        }
    }
}
