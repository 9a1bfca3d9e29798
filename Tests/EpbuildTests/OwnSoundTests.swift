import FoundationEssentials
import Testing

/// Music, effects and recordings of the person's, in whatever form, in the mix.
@Suite struct OwnSoundTests {
    private let machine: Machine
    private let media: MediaMaker

    init() throws {
        machine = try Machine()
        media = MediaMaker(machine: machine, episode: Machine.own)
    }

    private static let stages = """
          script: { source: script.fountain }
          speech: { tool: tts, each: script.lines }
          music: { source: "music/*" }
          mixed: { tool: mix, from: [script, speech, music] }
          package: { tool: package, from: [mixed, script] }
        """
    private static let cast = "title: S\nlanguage: en\ncharacters:\n  - { name: JUN, voice: { provider: espeak } }\n"

    /// A show whose `show.yaml` ends in `sounds`.
    private func make(_ script: String, sounds: String = "", stages: String = stages) throws {
        try machine.ownShow(
            stages, show: Self.cast + sounds, episode: "title: Talk\nnumber: 1\n",
            files: ["script.fountain": script, "music/about.txt": "Songs of our own.\n"])
    }

    private func tone(_ file: String, seconds: Int, _ codec: String = "") async throws {
        try await media.shell("mkdir -p \"$(dirname '\(file)')\"")
        try await media.make("-f lavfi -i sine=frequency=440:duration=\(seconds) -ar 48000 \(codec) '\(file)'")
    }

    private func seconds() async throws -> Double {
        try #require(Double(try await media.probe("001-talk.mp3", "format=duration").first ?? ""))
    }

    private static let plain = "MUSIC: theme\n\nJUN\nHello there.\n"

    @Test(arguments: [
        ("mp3", "-c:a libmp3lame"), ("flac", "-c:a flac"), ("ogg", "-c:a libopus"), ("opus", "-c:a libopus"), ("m4a", "-c:a aac"),
        ("wav", ""),
    ])
    func everyFormIsHeard(_ ending: String, _ codec: String) async throws {
        try make(Self.plain)
        try await tone("music/theme.\(ending)", seconds: 8, codec)
        try await machine.build(Machine.own).expect(.built, ["speech": 1])
        let length = try await seconds()
        #expect(length > 8 && length < 11, "\(length)")
    }

    /// What a file holds decides, and not what it is called.
    @Test func theNameOfAFileDecidesNothing() async throws {
        try make("MUSIC: theme\n\nJUN\nHello there.\n\nSFX: bell\n")
        try await tone("music/theme.wav", seconds: 8, "-c:a aac -f mp4")
        try await tone("music/bell.wav", seconds: 2, "-c:a libmp3lame -f mp3")
        try await machine.build(Machine.own).expect(.built, ["speech": 1])
        #expect(try await seconds() > 10)
    }

    @Test(arguments: ["theme.mp3", "theme.wav"])
    func silenceIsNoSong(_ name: String) async throws {
        try make(Self.plain)
        try await media.shell("mkdir -p music")
        try await media.make("-f lavfi -i anullsrc=d=3 music/\(name)")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65, "\(outcome)")
        #expect(outcome.errors.contains("\(name): error: ") && outcome.errors.contains("the right file"), "\(outcome)")
    }

    @Test func aStretchIsHeardAndOnlyItsStepsRunAgain() async throws {
        let sounds = "sounds:\n  music:\n    - { name: theme, file: own/long song.mp3, in: 2, out: \"0:12\", fade: 1 }\n"
        try make(Self.plain, sounds: sounds)
        try await tone("own/long song.mp3", seconds: 30, "-c:a libmp3lame")
        try await machine.build(Machine.own).expect(.built)
        let ten = try await seconds()
        #expect(ten > 10 && ten < 13, "\(ten)")
        let show = Machine.own.split(separator: "/")[0]
        try machine.edit("\(show)/show.yaml") { $0.replacing("0:12", with: "0:07") }
        try await machine.build(Machine.own).expect(.built, ["speech": 0])
        #expect(abs(ten - (try await seconds()) - 5) < 0.1)
        // Another level is another mix of what was decoded before.
        try machine.edit("\(show)/show.yaml") { $0.replacing("fade: 1", with: "fade: 1, level: -6") }
        try await machine.build(Machine.own).expect(.built, ["speech": 0])
    }

    @Test(arguments: [
        (
            "{ name: theme, file: own/sogn.mp3 }", "show.yaml:6:28: error: there is no file \"own/sogn.mp3\" in the show or the episode",
            "create "
        ),
        ("{ name: theme, file: own/bad.mp3 }", "own/bad.mp3 (named at ", "give a sound or video file"),
        (
            "{ name: theme, file: own/good.mp3, in: 40 }", "show.yaml:6:46: error: `in` of sound \"theme\" lies behind the end of ",
            "seconds from its beginning"
        ),
        (
            "{ name: theme, file: own/good.mp3, in: 3, out: 2 }",
            "show.yaml:6:54: error: `out` of sound \"theme\" does not lie behind its `in`", "from the beginning"
        ),
        ("{ name: theme, file: own/good.mp3, lvel: 3 }", "error: sound \"theme\" has an unknown key `lvel`", "did you mean \"level\"?"),
        ("{ name: theme, file: own/good.mp3, in: soon }", "`in` of sound \"theme\" must be a moment of the file", "minutes and seconds"),
        ("{ name: thme, level: 3 }", "show.yaml:6:7: error: there is no sound \"thme\"", "give it a `file`"),
    ])
    func whatIsWrongIsNamed(_ entry: String, _ says: String, _ remedy: String) async throws {
        try make(Self.plain, sounds: "sounds: { music: [\n      \(entry)]}\n")
        try await tone("own/good.mp3", seconds: 5, "-c:a libmp3lame")
        try await media.shell("echo 'no sound' > own/bad.mp3")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says) && outcome.errors.contains(remedy), "\(outcome)")
    }

    @Test(arguments: [
        ("sounds: { bell: own/bell.mp3 }", ":17: error: \"own/bell.mp3\" is not heard", "{ name: bell, file: own/bell.mp3 }"),
        ("sounds: { effects: { bell: { file: own/bell.mp3 } } }", ":36: error: \"own/bell.mp3\" is not heard", "stand in lists"),
        ("sounds: [{ name: bell, file: own/bell.mp3 }]", ":30: error: \"own/bell.mp3\" is not heard", "stand in lists"),
        ("sounds: { effects: [own/bell.mp3] }", ":21: error: \"own/bell.mp3\" is not heard", "stand in lists"),
    ])
    func aFileWhereNoneIsLookedForIsNamed(_ sounds: String, _ says: String, _ remedy: String) async throws {
        try make(Self.plain, sounds: "\(sounds)\n")
        let outcome = try await machine.run("plan", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says) && outcome.errors.contains(remedy), "\(outcome)")
    }

    /// Prompts may be told of sounds in whatever way.
    @Test func whatIsForPromptsIsLeftAlone() async throws {
        try make("JUN\nHello there.\n", sounds: "sounds: { mood: [soft, slow], effects: [ding, { name: pop, description: as in pop.mp3 }] }\n")
        try await machine.run("plan", Machine.own).expect(0)
    }

    @Test func aFirstSoundIsToldHowToComeBy() async throws {
        try make("JUN\nListen.\n\nSFX: bell\n", stages: Self.stages.replacing(", music]", with: "]").replacing(", effects]", with: "]"))
        let outcome = try await machine.run("plan", Machine.own)
        #expect(outcome.errors.contains("there is no effect \"bell\"\n  → write `sounds: { effects: [ { name: bell, file: … } ] }`"), "\(outcome)")
    }

    @Test func aFileOfNearlyThatNameIsNamed() async throws {
        try make("JUN\nListen. [[recording: own/sea.mp3]]\n")
        try await media.shell("mkdir -p own && echo x > own/Sea.MP3")
        let outcome = try await machine.run("plan", Machine.own)
        #expect(outcome.errors.contains("own/Sea.MP3 is there: rename it to own/sea.mp3; else create "), "\(outcome)")
    }

    // MARK: recordings

    @Test func aRecordingIsHeardWhereItStands() async throws {
        try make("JUN\nListen to the sea. [[recording: own/sea.ogg]] That was it.\n\n[[recording: own/told.wav]]\n")
        try await tone("own/sea.ogg", seconds: 6, "-c:a libopus")
        try await tone("own/told.wav", seconds: 4)
        try await media.shell("echo 'It was a  long\nway down.' > own/told.txt")
        try await machine.build(Machine.own).expect(.built, ["speech": 2])
        let transcript = try machine.text("\(Machine.own)/out/001-talk.vtt")
        let said = ["Listen to the sea.", "[recording: own/sea.ogg]", "That was it.", "It was a long way down."]
        let places = said.compactMap { transcript.firstRange(of: $0)?.lowerBound }
        #expect(places.count == said.count && places == places.sorted(), "\(transcript)")
        let length = try await seconds()
        #expect(length > 12 && length < 17, "\(length)")
        // Another recording speaks nothing anew.
        try await tone("own/sea.ogg", seconds: 3, "-c:a libopus")
        try await machine.build(Machine.own).expect(.built, ["speech": 0])
        #expect(abs(length - (try await seconds()) - 3) < 0.1)
    }

    /// Two names that differ in their Unicode form alone are two recordings.
    @Test func recordingsAreToldApartByTheirBytes() async throws {
        let (short, long) = ("own/caf\u{E9}.wav", "own/cafe\u{301}.wav")
        try make("JUN\nListen.\n\n[[recording: \(short)]]\n\n[[recording: \(long)]]\n")
        try await tone(short, seconds: 1)
        try await tone(long, seconds: 5)
        try await machine.build(Machine.own).expect(.built)
        let length = try await seconds()
        #expect(length > 6 && length < 10, "\(length)")
    }

    @Test func aRecordingThatIsNoneIsNamed() async throws {
        try make("JUN\nListen. [[recording: own/se.mp3]]\n")
        let missing = try await machine.run("build", Machine.own)
        #expect(
            missing.status == 65 && missing.errors.contains("script.fountain:2:9: error: there is no file \"own/se.mp3\""), "\(missing)")
        try await media.shell("mkdir -p own && echo 'no sound' > own/se.mp3")
        let damaged = try await machine.run("build", Machine.own)
        #expect(
            damaged.status == 65 && damaged.errors.contains("own/se.mp3 (named at ") && damaged.errors.contains("script.fountain:2:9)"),
            "\(damaged)")
        #expect(damaged.errors.contains("is no recording that ffmpeg can read"), "\(damaged)")
    }
}
