import EpCore
import EpSound
import Testing

@Suite struct WAVTests {
    /// Every format that ffmpeg writes gives the same sound.
    @Test(arguments: [
        ("pcm_u8", 0.01), ("pcm_s16le", 1e-4), ("pcm_s24le", 1e-6), ("pcm_s32le", 1e-6), ("pcm_f32le", 1e-6),
        ("pcm_f64le", 1e-6),
    ])
    func readsFormats(_ codec: String, _ tolerance: Float) throws {
        let peer = Peer()
        for channels in 1...2 {
            let original = PCM.tone(440, seconds: 0.1, channels: channels)
            peer.write(original.wav(), "a.wav")
            _ = Peer.shell("ffmpeg -v error -i \(peer.path("a.wav")) -c:a \(codec) -y \(peer.path("b.wav"))")
            let read = try PCM(wav: peer.read("b.wav"), named: "b.wav")
            #expect(read.sampleRate == 44_100)
            #expect(read.channels.count == channels)
            #expect(read.count == original.count)
            #expect(zip(read.channels[0], original.channels[0]).allSatisfy { abs($0 - $1) <= tolerance + 1e-4 })
        }
    }

    /// What goes through a pipe has sizes that cannot be right.
    @Test func readsFromPipes() throws {
        let peer = Peer()
        let whole = try peer.speech("Hello there")
        let piped = try PCM(wav: Peer.output(of: "espeak-ng --stdout 'Hello there'"), named: "-")
        #expect(piped == whole)
        peer.write(whole.wav(), "a.wav")
        let ffmpeg = try PCM(wav: Peer.output(of: "ffmpeg -v error -i \(peer.path("a.wav")) -f wav -"), named: "-")
        #expect(ffmpeg == whole)
        var zero = whole.wav()
        zero.replaceSubrange(40..<44, with: [0, 0, 0, 0])
        #expect(try PCM(wav: zero, named: "-") == whole)
    }

    @Test func writesWhatItReads() throws {
        let sound = PCM(sampleRate: 22_050, channels: [[0, 0.5, -1, 0.25], [1, -0.5, 0, 0.125]])
        let read = try PCM(wav: sound.wav(), named: "a.wav")
        #expect(read.channels[0] == [0, 0.5, -1, 0.25])
        #expect(read.channels[1] == [32_767 / 32_768, -0.5, 0, 0.125])
        #expect(try PCM(wav: PCM(sampleRate: 8_000, channels: [[]]).wav(), named: "a.wav").count == 0)
    }

    /// Whatever happens to a file, it is read or it is bad input.
    @Test func survivesDamage() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = Seeded(seed)
        let good = PCM.tone(440, seconds: 0.005, channels: 2).wav()
        for _ in 0..<3_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<60, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            do { _ = try PCM(wav: bytes, named: "a.wav") } catch {
                #expect(error.code == .badInput, "seed \(seed)")
            }
        }
    }

    @Test func refusesWhatIsCutShort() {
        let bytes = PCM.tone(440, seconds: 0.1).wav()
        #expect { try PCM(wav: bytes.dropLast(100).map { $0 }, named: "voices/3.wav") } throws: { error in
            let diagnostic = error as? Diagnostic
            return diagnostic?.code == .badInput && "\(error)".hasPrefix("voices/3.wav: error: the sound is cut short")
        }
        #expect(throws: Diagnostic.self) { try PCM(wav: Array("MP3".utf8), named: "a.wav") }
        var notNumbers = PCM.tone(440, seconds: 0.1).wav()
        notNumbers.replaceSubrange(20..<22, with: [3, 0])
        notNumbers.replaceSubrange(34..<36, with: [32, 0])
        notNumbers.replaceSubrange(44..<48, with: [0, 0, 0xC0, 0x7F])
        #expect(throws: Diagnostic.self) { try PCM(wav: notNumbers, named: "a.wav") }
    }
}
