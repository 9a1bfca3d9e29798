import FoundationEssentials
import Testing

/// Stems: the mix taken apart, for an editor.
@Suite struct StemTests {
    /// The left channel of a sound file, as ffmpeg decodes it.
    private static func samples(_ path: String, on machine: Machine) async throws -> [Float] {
        let decoded = try await Program.run(
            ["ffmpeg", "-v", "error", "-i", path, "-af", "pan=mono|c0=c0", "-f", "f32le", "\(path).raw"], in: machine.workspace,
            environment: machine.environment())
        #expect(decoded.status == 0, "\(decoded)")
        return try machine.read("\(path).raw").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    @Test func allStemsAreAsLongAsTheEpisodeAndMakeItUp() async throws {
        let machine = try await Machine.withMoonBuilt()
        let export = try await machine.run("export", Machine.moon, "--stems", "stems")
        #expect(export.status == 0 && export.output.contains("→ stems/dialogue.wav"), "\(export)")
        var stems: [[Float]] = []
        for name in ["dialogue", "music", "effects", "ambience"] {
            #expect(
                try machine.read("stems/\(name).wav")[22..<36] == [2, 0, 0x44, 0xac, 0, 0, 0x98, 0x09, 0x04, 0, 6, 0, 24, 0],
                "44.1 kHz, two channels, 24 bits")
            stems.append(try await Self.samples("stems/\(name).wav", on: machine))
        }
        #expect(Set(stems.map(\.count)).count == 1)
        #expect(stems.allSatisfy { $0.contains { $0 != 0 } })
        // The mix, as it was before its encoder: nothing is missing, and nothing is there twice.
        let mp3 = try #require(machine.files(below: "\(machine.workspace)/\(Machine.moon)/out").first { $0.hasSuffix(".mp3") })
        let heard = try await Self.samples("\(Machine.moon)/out/\(mp3)", on: machine)
        #expect(abs(heard.count - stems[0].count) <= 1152)
        var (signal, error) = (0.0, 0.0)
        for index in 0..<min(heard.count, stems[0].count) {
            let mine = stems.reduce(0.0) { $0 + Double($1[index]) }
            signal += Double(heard[index]) * Double(heard[index])
            error += (mine - Double(heard[index])) * (mine - Double(heard[index]))
        }
        #expect(error < signal / 100, "the stems differ from the episode by more than the encoder and the limiter: \(error / signal)")
    }

    @Test func labelsAndTimelinesTellWhatIsHeardWhen() async throws {
        let machine = try await Machine.withMoonBuilt()
        try await machine.run("export", Machine.moon, "--stems", "stems").expect(0)
        let labels = try machine.text("stems/dialogue-labels.txt").split(separator: "\n")
        #expect(labels.count == 12)
        for label in labels {
            let fields = label.split(separator: "\t")
            #expect(fields.count == 3 && (Double(fields[0]) ?? 9e9) < (Double(fields[1]) ?? 0), "\(label)")
        }
        #expect(labels.contains { $0.contains("PIP: Oliver! Come to the window") })
        #expect(try machine.text("stems/music-labels.txt").contains("bed"))
        let readable = try machine.text("stems/timeline.txt")
        #expect(
            readable.contains("  dialogue  PIP: Oliver!") && readable.contains("  music     ") && readable.contains("  # "), "\(readable)")
        let otio = try machine.text("stems/timeline.otio")
        #expect(
            otio.contains(#""OTIO_SCHEMA":"Timeline.1""#) && otio.contains(#""target_url":"dialogue.wav""#)
                && otio.contains(#""kind":"Audio""#))
    }

    @Test func nobodysFilesAreWrittenOver() async throws {
        let machine = try await Machine.withMoonBuilt()
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/stems", withIntermediateDirectories: true)
        try machine.write(Array("mine".utf8), to: "stems/dialogue.wav")
        try await machine.run("export", Machine.moon, "--stems", "stems").expect(64, errors: "stems is not empty")
        #expect(try machine.text("stems/dialogue.wav") == "mine")
        try machine.edit("\(Machine.moon)/script.fountain") {
            $0.replacing("Oliver! Come to the window", with: "Oliver! Run to the window")
        }
        try await machine.run("export", Machine.moon, "--stems", "new").expect(64, errors: "the mix is not built as it stands now")
    }
}
