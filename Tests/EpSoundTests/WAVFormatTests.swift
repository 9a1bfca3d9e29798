import EpCore
import EpSound
import Testing

/// The formats and containers of WAV, and what is none.
@Suite struct WAVFormatTests {
    private func chunk(_ id: String, _ body: [UInt8], size: Int? = nil, padded: Bool = true) -> [UInt8] {
        Array(id.utf8) + number(size ?? body.count, bytes: 4) + body + (padded && !body.count.isMultiple(of: 2) ? [0] : [])
    }

    private func number(_ value: Int, bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    private func format(_ tag: Int, channels: Int = 1, rate: Int = 8_000, bits: Int, block: Int? = nil, extra: [UInt8] = []) -> [UInt8] {
        let block = block ?? channels * ((bits + 7) / 8)
        let fields = [(tag, 2), (channels, 2), (rate, 4), (rate * block, 4), (block, 2), (bits, 2)]
        return chunk("fmt ", fields.flatMap { number($0.0, bytes: $0.1) } + extra)
    }

    private func file(_ chunks: [UInt8]..., form: String = "RIFF") -> [UInt8] {
        let body = Array("WAVE".utf8) + chunks.joined()
        return chunk(form, body, size: body.count)
    }

    private func samples(_ bytes: [UInt8]) throws -> [Float] { try PCM(wav: bytes, named: "a.wav").channels[0] }

    private func complaint(_ bytes: [UInt8]) -> String {
        do { _ = try PCM(wav: bytes, named: "a.wav") } catch { return "\(error)" }
        return "none"
    }

    /// 0.5 and 0.25 in 16 bits.
    private let four: [UInt8] = [0x00, 0x40, 0x00, 0x20]

    @Test func oddDepthsAndContainers() throws {
        // 12 bits, left-aligned in two bytes; 20 in three; 24 in four.
        #expect(try samples(file(format(1, bits: 12), chunk("data", [0x00, 0x40, 0xF0, 0xBF]))) == [0.5, -0.500_488_28])
        #expect(try samples(file(format(1, bits: 20), chunk("data", [0, 0, 0x40]))) == [0.5])
        #expect(try samples(file(format(1, bits: 24, block: 4), chunk("data", [0, 0, 0, 0xC0]))) == [-0.5])
        #expect(try samples(file(format(1, bits: 8), chunk("data", [0, 128, 192]))) == [-1, 0, 0.5])
    }

    /// What a telephone's recorder writes, as ffmpeg decodes it.
    @Test(arguments: [("pcm_alaw", 8_000), ("pcm_mulaw", 8_000), ("pcm_mulaw", 11_025)]) func telephoneSound(
        _ codec: String, _ rate: Int
    ) throws {
        let peer = Peer()
        peer.write(PCM.tone(440, seconds: 0.3, amplitude: 0.9).wav(), "a.wav")
        _ = Peer.shell("ffmpeg -v error -i \(peer.path("a.wav")) -ar \(rate) -c:a \(codec) -y \(peer.path("b.wav"))")
        _ = Peer.shell("ffmpeg -v error -i \(peer.path("b.wav")) -c:a pcm_s16le -y \(peer.path("c.wav"))")
        let read = try PCM(wav: peer.read("b.wav"), named: "b.wav")
        #expect(read.sampleRate == rate && read.count > 2_000)
        #expect(try read == PCM(wav: peer.read("c.wav"), named: "c.wav"))
    }

    /// Every code of both laws, as ffmpeg decodes it.
    @Test(arguments: [(6, "alaw"), (7, "mulaw")]) func everyTelephoneLevel(_ tag: Int, _ name: String) throws {
        let peer = Peer()
        let codes = (0...255).map { UInt8($0) }
        peer.write(codes, "codes.raw")
        let decoded = Peer.output(of: "ffmpeg -v error -f \(name) -ar 8000 -ac 1 -i \(peer.path("codes.raw")) -f wav -c:a pcm_s16le -")
        #expect(try samples(file(format(tag, bits: 8), chunk("data", codes))) == samples(decoded))
    }

    @Test func extensibleFormats() throws {
        let guid: [UInt8] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        let extra = number(22, bytes: 2) + number(16, bytes: 2) + number(4, bytes: 4) + guid
        #expect(try samples(file(format(0xFFFE, bits: 16, extra: extra), chunk("data", four))) == [0.5, 0.25])
        // Cut off before the real format.
        #expect(complaint(file(format(0xFFFE, bits: 16, extra: number(22, bytes: 2)), chunk("data", four))).contains("format 65534"))
    }

    @Test func moreThanFourGigabytes() throws {
        let sizes = number(100, bytes: 8) + number(4, bytes: 8) + number(2, bytes: 8) + number(0, bytes: 4)
        let whole = file(
            chunk("ds64", sizes), format(1, bits: 16), chunk("data", four, size: 0xFFFF_FFFF), chunk("LIST", four), form: "RF64")
        #expect(try samples(whole) == [0.5, 0.25])
        // Sizes that no file has.
        let absurd = [UInt8](repeating: 0xFF, count: 28)
        let lying = file(chunk("ds64", absurd), format(1, bits: 16), chunk("data", four, size: 0xFFFF_FFFF), form: "RF64")
        #expect(complaint(lying).contains("cut short"))
    }

    @Test func chunksOfOddSize() throws {
        let note = chunk("note", [1, 2, 3])
        #expect(try samples(file(note, format(1, bits: 16), chunk("data", four))) == [0.5, 0.25])
        // Some programs forget the byte of padding.
        let unpadded = chunk("note", [1, 2, 3], padded: false)
        #expect(try samples(file(unpadded, format(1, bits: 16), chunk("data", four))) == [0.5, 0.25])
        // A last sample that is not whole is no sample.
        #expect(try samples(file(format(1, bits: 16), chunk("data", four + [7]))) == [0.5, 0.25])
    }

    @Test func nothingAtAll() throws {
        #expect(try samples(file(format(1, bits: 16), chunk("data", []))) == [])
        let silent = try LineMeasure(of: PCM(wav: file(format(1, bits: 16), chunk("data", [])), named: "a.wav"))
        #expect(silent.isSilent)
        #expect(complaint([]).contains("is not a WAV file"))
        #expect(complaint(file()).contains("ends before its format"))
        #expect(complaint(file(format(1, bits: 16))).contains("there is no data chunk"))
        #expect(complaint(file(chunk("data", four), format(1, bits: 16))).contains("its sound before its format"))
    }

    @Test func saysWhatItCannotRead() {
        #expect(complaint(file(format(0x11, bits: 4), chunk("data", four))).contains("IMA ADPCM"))
        #expect(complaint(file(format(0x55, bits: 0), chunk("data", four))).contains("MP3"))
        let surround = complaint(file(format(1, channels: 6, bits: 16), chunk("data", four)))
        #expect(surround.contains("6 channels") && surround.contains("-ac 2"))
        #expect(complaint(file(format(1, channels: 0, bits: 16, block: 0), chunk("data", four))).contains("0 channels"))
        #expect(complaint(file(format(1, rate: 3, bits: 16), chunk("data", four))).contains("3 Hz"))
        #expect(complaint(file(format(1, bits: 40), chunk("data", four))).contains("40 bits"))
    }

    /// A file of nothing but empty chunks ends the search.
    @Test func tooManyChunks() {
        #expect(complaint(file(Array(repeatElement(chunk("junk", []), count: 20_000).joined()))).contains("more than 10000 chunks"))
    }

    /// Random headers: read, measured and mixed, or bad input; never a trap.
    @Test func survivesRandomHeaders() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = Seeded(seed)
        func pick<Element>(_ list: [Element]) -> Element { list.randomElement(using: &random)! }
        for _ in 0..<2_000 {
            let sizes = [0, 1, 2, 3, 15, 16, 40, 0x7FFF_F000, 0xFFFF_FFFF, 0x8000_0000, nil, nil, nil, nil]
            let body = (0..<Int.random(in: 0...900, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            var bytes = file(
                format(
                    pick([1, 1, 1, 3, 6, 7, 0xFFFE, 0x55]), channels: pick([0, 1, 2, 3, 65_535]),
                    rate: pick([0, 1_000, 8_000, 44_100, 768_000, 0xFFFF_FFFF]),
                    bits: pick([0, 8, 12, 16, 24, 32, 64, 65_535]), block: pick([0, 1, 2, 3, 4, 65_535, nil, nil]),
                    extra: pick([[], [0, 0], body])),
                chunk(pick(["data", "data", "LIST", "ds64"]), body, size: pick(sizes)), chunk("data", body, size: pick(sizes)),
                form: pick(["RIFF", "RIFF", "RF64", "RIFX"]))
            bytes.removeLast(pick([0, 0, 0, 1, 2, min(bytes.count, 60)]))
            do {
                let sound = try PCM(wav: bytes, named: "a.wav")
                let measure = try LineMeasure(of: sound)
                #expect(measure.start + measure.length <= SoundStream(sound).count, "seed \(seed)")
            } catch let problem as Diagnostic {
                #expect(problem.code == .badInput, "seed \(seed): \(problem)")
            }
        }
    }
}
