import EpCore
import EpSound
import Testing

@Suite struct LoudnessTests {
    /// The tone of EBU Tech 3341: a stereo sine of 1 kHz at −23 dBFS is −23 LUFS.
    @Test func measuresTheReferenceTone() {
        let tone = PCM.tone(1_000, seconds: 3, amplitude: 0.0707945784, channels: 2)
        let loudness = LoudnessBlocks(of: tone, in: 0..<tone.count).integrated!
        #expect(abs(loudness + 23) < 0.02)
    }

    /// Parts of 6 s together measure as ffmpeg measures the whole of 24: speech, pauses and music, so that both gates
    /// are at work.
    @Test func combinesParts() throws {
        let peer = Peer()
        let episode = try Episode(peer, repeats: 3)
        let cuts = stride(from: 0, to: episode.timeline.length, by: 1_152 * 230).map { $0 } + [episode.timeline.length]
        let blocks = try zip(cuts, cuts.dropFirst()).map { start, end in
            let part = episode.timeline.part(start..<end)
            return try part.window.loudness(from: part.sources.map { episode.sources[$0] })
        }
        let whole = try episode.timeline.master(0..<episode.timeline.length, gainDecibels: 0, from: episode.sources)
        peer.write(whole.wav(), "a.wav")
        #expect(abs(LoudnessBlocks.integrated(blocks)! - peer.loudness("a.wav")) < 0.1)
        let kept = try blocks.map { try LoudnessBlocks(bytes: $0.bytes, named: "part") }
        #expect(kept == blocks)
    }

    @Test func knowsSilence() throws {
        let silence = PCM(sampleRate: 44_100, channels: [[Float](repeating: 0, count: 44_100)])
        let blocks = LoudnessBlocks(of: silence, in: 0..<44_100)
        #expect(blocks.integrated == nil)
        #expect(MixWindow.gainDecibels(for: [blocks]) == 0)
        #expect(throws: Diagnostic.self) { try LoudnessBlocks(bytes: Array("EPL1x".utf8), named: "part") }
        #expect(throws: Diagnostic.self) { try LoudnessBlocks(bytes: [], named: "part") }
    }
}
