import EpCore
import EpPlan
import Testing

@testable import EpProviders

/// `use: piper` is the installed program, and with a `base_url` the server.
@Suite struct PiperProgramTests {
    private func voice(_ yaml: String) throws -> any VoiceVendor {
        try #require(Vendors.shipped.voice(named: "piper")).configured(by: try Scene.provider(yaml, tool: "tts"))
    }

    @Test func withoutAURLItIsAProgram() throws {
        let program = try #require(voice("use: piper, speed: 1.5") as? any ProgramVoiceVendor)
        #expect(program.program.name == "epbuild-piper" && program.program.remedy == "epbuild providers install piper")
        let voice = Voice([:], Manner("slow", ["delivery": ["slow": ["rate": -50]]]), usualName: program.usualVoice)
        #expect(program.command(voice) == ["epbuild-piper", "--speed", "0.75", "line.txt", "line.wav"])
        // What a person can count goes before the provider's speed.
        let rated = Voice(["rate": 216], Manner("", [:]), usualName: "")
        #expect(program.command(rated) == ["epbuild-piper", "--speed", "1", "line.txt", "line.wav"])
        #expect(
            program.command(Voice(["speed": 0.5, "voice": "joe"], Manner("", [:]), usualName: "")) == [
                "epbuild-piper", "--voice", "joe", "--speed", "0.75", "line.txt", "line.wav",
            ])
        #expect(
            program.lists(for: voice).isEmpty
                && program.problem(of: Voice(["voice": "jo"], Manner("", [:]), usualName: ""), in: ["joe\n"])?.unknown == "jo")
        #expect(try program.spelled("a [[b]]", voice: "en-gb") == "a [b]]")
    }

    @Test(arguments: [("piper", false), ("hibari", true), ("espeak", true), ("flite", true)])
    func whoHeedsAPitch(_ name: String, _ heeds: Bool) throws {
        let program = try #require(Vendors.shipped.voice(named: name)?.configured(by: nil) as? any ProgramVoiceVendor)
        let voice = Voice(["pitch": 99], Manner("", [:]), usualName: program.usualVoice)
        #expect(program.heedsPitch(of: voice) == heeds && program.heedsRate(of: voice))
    }

    @Test func hibariHasAPitch() throws {
        let hibari = try #require(Vendors.shipped.voice(named: "hibari") as? any ProgramVoiceVendor)
        let pip = Voice(["rate": 142, "pitch": 70], Manner("excited", ["delivery": ["excited": ["pitch": 6]]]), usualName: "")
        let command = ["epbuild-hibari", "--speed", "0.7", "--pitch", "76", "line.txt", "line.wav"]
        #expect(hibari.command(pip) == command && hibari.voice(of: command) == "heart")
        #expect(hibari.voice(of: ["epbuild-piper", "line.txt", "line.wav"]) == nil)
        #expect(try hibari.spelled("Zoë’s — yes", voice: "en-gb") == "Zoe's  --  yes")
        #expect(throws: SpokenText.Problem.words(["Привет"])) { try hibari.spelled("Say Привет", voice: "en-gb") }
        // The voice stays loaded: a line is asked for as it would be on the command line.
        let question = try #require(hibari.staying(command, saying: "Hello."))
        #expect(question.arguments == ["epbuild-hibari", "--serve"])
        #expect(
            Value(json: question.file.bytes) == ["arguments": ["--speed", "0.7", "--pitch", "76"], "text": "Hello."]
                && hibari.staying(["epbuild-piper", "line.txt", "line.wav"], saying: "") == nil)
    }

    @Test(arguments: [(72.0, 0.3), (144, 0.6), (154.5, 0.65), (216, 1), (512, 2.6)])
    func aRateIsWhatComesOut(_ words: Double, _ speed: Double) {
        #expect(abs(VoicePace.joe.speed(forWordsPerMinute: words) - speed) < 0.0001)
    }

    @Test func withAURLItIsTheServer() throws {
        #expect(try voice("use: piper, base_url: \"http://127.0.0.1:5000\"") is any RemoteVoiceVendor)
        #expect(Vendors.shipped.voice(named: "piper")?.configured(by: nil) is any ProgramVoiceVendor)
    }

    /// What a program cannot do is a mistake at its place.
    @Test func itsKeysAreChecked() throws {
        func problems(_ yaml: String) throws -> [String] {
            let text = "providers: { voices: { tool: tts, use: piper, \(yaml) } }\n"
            let workspace = try Workspace(directory: "/w", Node(parsing: Array(text.utf8), file: "epbuild.yaml"))
            do { try workspace.check(providerKinds: ["tts": Vendors.shipped.voices.map { $0 as any Vendor }.kinds], tools: []) } catch {
                return [Diagnostic](describing: error).map(\.message)
            }
            return []
        }
        #expect(try problems("speed: 1.2, voice: en_US-joe-medium").isEmpty)
        #expect(try problems("noise_scale: 0.5, base_url: \"http://127.0.0.1:5000\"").isEmpty)
        #expect(try problems("noise_scale: 0.5").count == 1)
    }

    /// What is fetched is named in exact versions, each of its files by its digest, and no index by its name.
    @Test func requirementsAreExact() {
        for what in Installable.all {
            let lines = String(decoding: what.requirements, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(
                lines.count > 10
                    && lines.allSatisfy { $0.wholeMatch(of: /(    --hash=sha256:[0-9a-f]{64}|[A-Za-z0-9_.-]+==[0-9][0-9.]*)( \\)?/) != nil },
                "\(what.name)")
            #expect(what.launcher.hasPrefix("#!/bin/sh\n") && what.version.firstMatch(of: /sha256:[0-9a-f]{64}/) != nil)
        }
    }
}
