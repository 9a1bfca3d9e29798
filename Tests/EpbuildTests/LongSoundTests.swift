import FoundationEssentials
import Testing

/// Recordings as they come: long ones in little memory, and of every rate and kind.
@Suite struct LongSoundTests {
    /// Noise as a mono WAV file of 22.05 kHz, written as it is made.
    private static let maker = """
        import random, struct, sys
        seconds = int(sys.argv[1])
        size = seconds * 22050 * 2
        random.seed(1)
        second = b"".join(struct.pack("<h", random.randrange(-8000, 8000)) for _ in range(22050))
        with open("line.wav", "wb") as file:
            file.write(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16))
            file.write(b"data" + struct.pack("<I", size))
            for _ in range(seconds):
                file.write(second)
        """
    /// Runs a command and tells the peak of its memory in KB.
    private static let meter = """
        import resource, subprocess, sys
        status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if status == 0 else -1)
        """

    private func machine(seconds: Int) throws -> Machine {
        let machine = try Machine()
        try machine.write(Array(Self.maker.utf8), to: "maker.py")
        try machine.write(Array(Self.meter.utf8), to: "meter.py")
        let words = #"[python3, "\#(machine.workspace)/maker.py", "\#(seconds)"]"#
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/long/one", withIntermediateDirectories: true)
        let files = [
            "show.yaml": "title: Long\nlanguage: en\npipeline: pipeline.yaml\ncharacters: [{ name: SAM }]\n",
            "pipeline.yaml": """
                stages:
                  script: { source: script.fountain }
                  speech: { tool: command, each: script.lines, run: \(words), outputs: [line.wav] }
                  mixed: { tool: mix, from: [script, speech] }
                  package: { tool: package, from: [mixed, script] }
                """,
            "one/episode.yaml": "title: Long\n", "one/script.fountain": "SAM\nThis goes on.\n",
        ]
        for (path, text) in files { try machine.write(Array(text.utf8), to: "long/\(path)") }
        return machine
    }

    /// In MB, of the largest process.
    private func peak(_ machine: Machine) async throws -> Double {
        let words = ["python3", "meter.py", Program.epbuild, "build", "long/one", "--json"]
        let outcome = try await Program.run(words, in: machine.workspace, environment: machine.environment())
        let kilobytes = try #require(Double(outcome.output.filter { $0.isNumber || $0 == "-" }), "\(outcome)")
        try #require(kilobytes > 0, "\(outcome)")
        return kilobytes / 1024
    }

    /// A minute of sound in one line used to cost 53 MB; the whole of it is 10.6 MB of samples, and 1.4 of MP3.
    @Test func memoryDoesNotGrowWithALine() async throws {
        let (short, long) = (try machine(seconds: 60), try machine(seconds: 360))
        let (less, more) = (try await peak(short), try await peak(long))
        #expect(more - less < 5 * 3, "one minute \(less) MB, six minutes \(more) MB")
        let file = try #require(try long.outputs(of: "long/one").first { $0.key.hasSuffix(".mp3") }?.value)
        #expect(file.count > 360 * 24_000)
    }

    /// Two takes that are telephone sound, by their length and loudness; of one that cannot be read, why.
    @Test func takesOfEveryRateAreCompared() async throws {
        let machine = try machine(seconds: 1)
        let pipeline = "long/pipeline.yaml"
        // The clock makes each take another one.
        try machine.write(
            Array(
                """
                import struct, time
                rate, codec = RATE, CODEC
                # No two takes are the same.
                data = time.time_ns().to_bytes(8, "little") + bytes((i * 7 % 256 for i in range(rate // 2 - 8)))
                with open("line.wav", "wb") as file:
                    file.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, codec, CHANNELS, rate, rate, 1, 8))
                    file.write(b"data" + struct.pack("<I", len(data)) + data)
                """.utf8), to: "phone.py")
        try machine.edit(pipeline) { $0.replacing("maker.py", with: "phone.py") }
        func diff(rate: Int, codec: Int, channels: Int = 1) async throws -> Program.Outcome {
            let maker = try machine.text("phone.py").replacing("RATE", with: "\(rate)")
            let filled = maker.replacing("CODEC", with: "\(codec)").replacing("CHANNELS", with: "\(channels)")
            let name = "phone-\(rate)-\(codec)-\(channels).py"
            try machine.write(Array(filled.utf8), to: name)
            try machine.edit(pipeline) { $0.replacing(#/phone[-\d]*\.py/#, with: name) }
            for _ in 1...2 {
                try await machine.build("long/one", "speech").expect(executed: 1)
                _ = try await machine.run("clean", "long/one", "speech")
            }
            return try await machine.run("diff", "long/one", "speech", "--takes", "1", "2")
        }
        for (rate, codec) in [(8_000, 7), (8_000, 6), (11_025, 1), (48_000, 1)] {
            let outcome = try await diff(rate: rate, codec: codec)
            #expect(
                outcome.status == 0 && outcome.output.contains(#/take 1  0\.5 s, -\d+(\.\d+)? LUFS/#)
                    && outcome.output.contains("take 2  0.5 s"), "\(rate), \(codec): \(outcome)")
        }
        let surround = try await diff(rate: 8_000, codec: 1, channels: 6)
        #expect(surround.status == 0 && surround.output.contains("has 6 channels"), "\(surround)")
    }
}
