import EpCore
import EpSound
import Testing

/// Sound in the forms that voices send it in.
@Suite struct CodedSoundTests {
    /// What ffmpeg makes of a sound of 1.3 s, and how much nearer the sound itself it is than silence, in dB.
    @Test(arguments: [
        ("a.flac", "-c:a flac", 24_000, 1, 80.0), ("a.flac", "-c:a flac -sample_fmt s32", 48_000, 2, 80),
        ("a.oga", "-c:a flac", 22_050, 1, 80),
        ("a.mp3", "-c:a libmp3lame -b:a 128k", 44_100, 2, 15), ("a.mp3", "-c:a libmp3lame -b:a 64k", 24_000, 1, 15),
        ("a.mp3", "-c:a libmp3lame -q:a 2 -write_id3v2 1 -metadata title=x", 22_050, 1, 15),
        ("a.opus", "-c:a libopus -b:a 96k", 48_000, 1, 12), ("a.ogg", "-c:a libopus -b:a 128k", 48_000, 2, 12),
    ])
    func everyFormGivesTheSound(_ name: String, _ codec: String, _ rate: Int, _ channels: Int, _ least: Double) throws {
        let peer = Peer()
        let tone = "0.4*sin(2*PI*220*t)*(0.6+0.4*sin(2*PI*3*t))"
        _ = Peer.shell(
            "ffmpeg -v error -f lavfi -i 'aevalsrc=\(Array(repeating: tone, count: channels).joined(separator: "|")):s=\(rate):d=1.3' -c:a pcm_s16le -y \(peer.path("a.wav"))"
        )
        let said = Peer.shell("ffmpeg -v error -i \(peer.path("a.wav")) \(codec) -y \(peer.path(name))")
        let (sound, coded) = (try PCM(wav: peer.read("a.wav"), named: "a.wav"), peer.read(name))
        #expect(!coded.isEmpty, "\(said)")
        let read = try PCM(sound: coded, named: name)
        #expect(read.sampleRate == rate && read.channels.count == channels && SoundFormat.of(coded) != .wav)
        // MP3 by ffmpeg says how much was put before and after; what is left over is less than a frame.
        #expect(abs(read.count - sound.count) <= (SoundFormat.of(coded) == .mp3 ? 1152 : 0), "\(read.count) of \(sound.count)")
        let length = min(read.count, sound.count)
        for (channel, samples) in zip(read.channels, sound.channels) {
            let ratio = signalToNoise(samples[2000..<length - 2000], channel[2000..<length - 2000])
            #expect(ratio > least, "\(name) \(codec): \(ratio) dB")
        }
    }

    @Test func whatIsDamagedIsNoSound() throws {
        let peer = Peer()
        _ = Peer.shell(
            "ffmpeg -v error -f lavfi -i 'sine=300:d=2:r=48000' -c:a flac -y \(peer.path("a.flac")) -c:a libopus -y \(peer.path("a.opus")) -c:a libvorbis -y \(peer.path("a.ogg"))"
        )
        let flac = peer.read("a.flac")
        var flipped = flac
        flipped[flac.count / 2] ^= 0x55
        let cases: [([UInt8], String)] = [
            (Array(flac.prefix(flac.count / 2)), "damaged or cut short"), (flipped, "damaged or cut short"),
            (Array(peer.read("a.opus").prefix(60)), "damaged or cut short"),
            (peer.read("a.ogg"), "is Ogg Vorbis, which is not read here"), ([], "is empty"),
            (Array("<html>busy</html>".utf8), "of no form that is known"),
            (Array("ID3\u{4}\0\0\0\0\0\0nothing".utf8), "damaged or cut short"), (Array("RIFF\0\0\0\0WAVE".utf8), "ends before its format"),
        ]
        for (bytes, message) in cases {
            let problem = #expect(throws: Diagnostic.self) { try PCM(sound: bytes, named: "line") }
            #expect(problem?.message.contains(message) == true && problem?.code == .badInput, "\(String(describing: problem))")
        }
    }

    /// Decoders share tables that are made once.
    @Test func manyAtOnce() async throws {
        let peer = Peer()
        _ = Peer.shell("ffmpeg -v error -f lavfi -i 'sine=300:d=2:r=24000' -c:a libmp3lame -y \(peer.path("a.mp3"))")
        let (coded, first) = (peer.read("a.mp3"), try PCM(sound: peer.read("a.mp3"), named: "a.mp3"))
        try await withThrowingTaskGroup { group in
            for _ in 0..<40 { group.addTask { try PCM(sound: coded, named: "a.mp3") } }
            for try await sound in group { #expect(sound == first) }
        }
    }
}
