import EpSound
import Testing

@Suite struct SilenceTests {
    @Test func itSaysSoAndLastsItsTime() throws {
        let bytes = Silence.wav(seconds: 1.5)
        let sound = try PCM(wav: bytes, named: "line.wav")
        #expect(sound.seconds == 1.5 && sound.peak(in: 0..<sound.count) == 0)
        #expect(try Silence.isPlaceholder(wav: bytes))
        #expect(try !Silence.isPlaceholder(wav: sound.wav()))
        #expect(try !Silence.isPlaceholder(wav: []))
        // A line that is silent by mistake has no length; this one has its own.
        #expect(try LineMeasure(of: sound).length == 0)
        #expect(LineMeasure(ofSilence: SoundStream(sound)).length == 66_150)
    }
}
