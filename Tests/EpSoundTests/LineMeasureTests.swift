import EpCore
import EpSound
import Testing

@Suite struct LineMeasureTests {
    /// A voice at −16 LUFS is at −16 LUFS in the mix, by ffmpeg's measure, in the middle and at a side.
    @Test(arguments: [0.0, -0.5, 1]) func levelsSpeech(_ pan: Double) throws {
        let peer = Peer()
        let speech = try peer.speech()
        let measure = try LineMeasure(of: speech)
        #expect(!measure.isSilent && !measure.isClipped)
        let window = MixWindow(
            length: measure.length, isFirst: true, isLast: true,
            placements: [
                .init(
                    source: 0, offset: 0, start: measure.start, length: measure.length,
                    gainDecibels: measure.gainDecibels, pan: pan)
            ])
        peer.write(try window.render(0..<measure.length, from: [speech.resampled()]).amplified(-9).wav(), "mix.wav")
        #expect(abs(peer.loudness("mix.wav") + 25) < 0.1)
    }

    @Test func trimsSilence() throws {
        let tone = PCM.tone(300, seconds: 1).channels[0]
        let quiet = [Float](repeating: 1e-5, count: 44_100)
        let measure = try LineMeasure(of: PCM(sampleRate: 44_100, channels: [quiet + tone + quiet]))
        // 20 ms before, 60 ms after, to the 5 ms that silence is looked for in.
        #expect((44_100 - 882 - 220...44_100 - 882).contains(measure.start))
        #expect((88_200 + 2_646...88_200 + 2_646 + 441).contains(measure.start + measure.length))
    }

    @Test func tellsSilenceAndClipping() throws {
        let silent = try LineMeasure(of: PCM(sampleRate: 16_000, channels: [[Float](repeating: 1e-6, count: 16_000)]))
        #expect(silent == LineMeasure(start: 0, length: 0, gainDecibels: 0, isSilent: true))
        #expect(try LineMeasure(of: PCM(sampleRate: 16_000, channels: [[]])).isSilent)
        let loud = PCM.tone(300, seconds: 1, amplitude: 2)
        #expect(try LineMeasure(of: PCM(wav: loud.wav(), named: "a.wav")).isClipped)
        #expect(try !LineMeasure(of: .tone(300, seconds: 1, amplitude: 1)).isClipped)
    }

    /// A word that is shorter than a gating block has a loudness all the same; a click is not blown up beyond what
    /// the limiter may take away.
    @Test func measuresShortSounds() throws {
        let word = try LineMeasure(of: .tone(1_000, seconds: 0.2, amplitude: 0.1))
        #expect(word.gainDecibels > 0 && word.length > 0)
        var click = [Float](repeating: 0, count: 44_100)
        click[20_000] = 0.5
        let gain = try LineMeasure(of: PCM(sampleRate: 44_100, channels: [click, click])).gainDecibels
        #expect(gain == 10)
    }

    @Test func keepsItsText() throws {
        let measure = LineMeasure(start: 12, length: 3_456, gainDecibels: -3.7, isClipped: true)
        #expect(measure.json == #"{"start":12,"length":3456,"gain_db":-3.7,"silent":false,"clipped":true}"#)
        #expect(try LineMeasure(json: Array(measure.json.utf8), named: "m.json") == measure)
        #expect(throws: Diagnostic.self) { try LineMeasure(json: Array("{}".utf8), named: "m.json") }
        let text = Array(measure.json.utf8)
        #expect(try LineMeasure.all(json: [text, text], names: ["a", "b"]) == [measure, measure])
        #expect(try LineMeasure.all(json: [], names: []).isEmpty)
        let problem = #expect(throws: Diagnostic.self) { try LineMeasure.all(json: [text, Array("{}".utf8)], names: ["a", "b"]) }
        #expect(problem?.location?.file == "b")
    }

    /// A tone resampled is the same tone at the new rate, not shifted by a fraction of a sample.
    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 48_000]) func resamplesInStep(_ rate: Int) throws {
        let step = 2 * Double.pi * 1_000
        let input = (0..<rate).map { Float(sine(step * Double($0) / Double(rate))) }
        let output = try PCM(sampleRate: rate, channels: [input]).resampled()
        #expect(output.count == 44_100)
        let ideal = (0..<44_100).map { Float(sine(step * Double($0) / 44_100)) }
        #expect(signalToNoise(ideal[2_000..<42_000], output.channels[0][2_000..<42_000]) > 60)
        #expect(try PCM(sampleRate: rate, channels: [input]).resampled() == output)
    }
}
