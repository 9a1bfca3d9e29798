import FoundationEssentials
import Glibc
import Testing

/// Every mistake that a person makes: where it is, what was expected, and what to do.
@Suite struct BadInputTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        var episode = Machine.moon
        var target: String?
        var status: Int32 = 65
        /// What standard error holds.
        let says: [String]
        let make: @Sendable (Machine) throws -> Void

        var testDescription: String { name }
    }

    private static let show = "olivers-workshop/show.yaml"
    private static let pipeline = "olivers-workshop/pipeline.yaml"
    private static let script = "\(Machine.moon)/script.fountain"

    static let mistakes: [Mistake] = [
        Mistake(name: "YAML that does not parse", says: ["pipeline.yaml:2:1: error: not valid YAML"]) {
            try $0.edit(pipeline) { _ in "a: [\n" }
        },
        Mistake(name: "unknown key", says: ["pipeline.yaml:14:36: error: ", "unknown key `form`", "did you mean \"from\"?"]) {
            try $0.replace("tool: mix, from", with: "tool: mix, form", in: pipeline)
        },
        Mistake(name: "key that stands twice", says: ["episode.yaml:3:1: error: ", "\"title\"", "remove one"]) {
            try $0.replace("topic:", with: "title:", in: "\(Machine.moon)/episode.yaml")
        },
        Mistake(name: "wrong type", says: ["epbuild.yaml:5:17: error: ", "must be a whole number from 1", "\"many\""]) {
            try $0.replace("jobs: 2", with: "jobs: many", in: "epbuild.yaml")
        },
        Mistake(
            name: "private key among the public ones", says: ["epbuild.yaml:6:22: error: a private key stands here", "epbuild key NAME"]
        ) {
            try $0.edit("epbuild.yaml") {
                $0 + "gates: { signed_by: [\"EPBUILD_SIGNING_KEY=ann:\(Data(repeating: 7, count: 32).base64EncodedString())\"] }\n"
            }
        },
        Mistake(name: "unknown stage in from", says: ["pipeline.yaml:15:47: error: ", "did you mean \"audio_mixing\"?"]) {
            try $0.replace("from: [audio_mixing, script", with: "from: [audio_mixin, script", in: pipeline)
        },
        Mistake(name: "unknown stage in each", episode: Machine.letters, says: ["pipeline.yaml:8:11: error: ", "did you mean \"texts\"?"]) {
            try $0.replace("each: texts", with: "each: textes", in: "letters/pipeline.yaml")
        },
        Mistake(name: "unknown tool", says: ["pipeline.yaml:14:31: error: ", "did you mean \"mix\"?"]) {
            try $0.replace("tool: mix,", with: "tool: mixx,", in: pipeline)
        },
        Mistake(name: "cycle", says: ["pipeline.yaml:14:79: error: ", "music → audio_mixing → music", "remove one"]) {
            try $0.replace("{ tool: synth, names: [intro, bed, outro] }", with: "{ tool: mix, from: [audio_mixing] }", in: pipeline)
        },
        Mistake(
            name: "missing prompt", episode: Machine.rockets, says: ["pipeline.yaml:6:44: error: ", "\"prompts/ideation.md\"", "create "]
        ) {
            $0.remove("olivers-workshop/prompts/ideation.md")
        },
        Mistake(
            name: "undefined variable", episode: Machine.rockets,
            says: ["prompts/ideation.md:13:8: error: ", "`show.titel` is not defined", "did you mean \"title\"?"]
        ) {
            try $0.replace("{{ show.title }}", with: "{{ show.titel }}", in: "olivers-workshop/prompts/ideation.md")
        },
        Mistake(
            name: "undefined variable in an argument", episode: Machine.letters,
            says: ["pipeline.yaml:9:19: error: ", "`show.titel` is not defined", "did you mean \"title\"?"]
        ) {
            try $0.replace("run: [sh, -c, \"tr", with: "run: [sh, -c, \"echo {{ show.titel }}; tr", in: "letters/pipeline.yaml")
        },
        Mistake(
            name: "unclosed placeholder in an argument", episode: Machine.letters, says: ["pipeline.yaml:9:19: error: `{{` is not closed"]
        ) {
            try $0.replace("run: [sh, -c, \"tr", with: "run: [sh, -c, \"echo {{ show.titel; tr", in: "letters/pipeline.yaml")
        },
        Mistake(
            name: "undefined value as an input", episode: Machine.letters,
            says: ["pipeline.yaml:10:23: error: `item.txt` is not defined", "did you mean \"text\"?"]
        ) {
            try $0.replace("{ in.txt: item }", with: "{ in.txt: item.txt }", in: "letters/pipeline.yaml")
        },
        Mistake(
            name: "command line that is a text", episode: Machine.letters,
            says: ["pipeline.yaml:9:10: error: `run` is a list", #"write `run: [sh, -c, "date > \"o\""]`"#]
        ) {
            try $0.edit("letters/pipeline.yaml") { $0.replacing(#/run: \[sh, -c, "tr.*/#, with: #"run: 'date > "o"'"#) }
        },
        Mistake(name: "unknown speaker", says: ["script.fountain:24:1: error: ", "\"PIPP\"", "did you mean \"PIP\"?"]) {
            try $0.replace("\nPIP\n", with: "\nPIPP\n", in: script)
        },
        Mistake(name: "unknown music", says: ["script.fountain:17:1: error: ", "music \"bedd\"", "did you mean \"bed\"?"]) {
            try $0.replace("MUSIC: bed", with: "MUSIC: bedd", in: script)
        },
        Mistake(name: "unknown effect", says: ["script.fountain:22:1: error: ", "effect \"footstep\"", "did you mean \"footsteps\"?"]) {
            try $0.replace("SFX: footsteps", with: "SFX: footstep", in: script)
        },
        Mistake(name: "script that is not UTF-8", says: ["script.fountain:64:2: error: ", "0xFF", "save the file as UTF-8"]) {
            try $0.write($0.read(script) + Array("\nPIP\nh".utf8) + [0xFF] + Array("ello\n".utf8), to: script)
        },
        Mistake(name: "empty script", says: ["script.fountain:1:1: error: ", "nobody says anything", "write a speaker's name"]) {
            try $0.write([], to: script)
        },
        Mistake(name: "lock of no known form", says: ["episode.lock:1:1: error: ", "`version`"]) {
            try $0.write(Array("takes: {}\n".utf8), to: "\(Machine.moon)/episode.lock")
        },
        Mistake(
            name: "bit rate that MP3 does not have",
            says: [
                "pipeline.yaml:14:50: error: ",
                "`bitrate_kbps` of stage \"audio_mixing\" must be one of 96, 112, 128, 160, 192, 224, 256, 320, not the number 191",
            ]
        ) {
            try $0.replace("tool: mix,", with: "tool: mix, bitrate_kbps: 191,", in: pipeline)
        },
        Mistake(
            name: "loudness that the limiter takes back", episode: Machine.rockets,
            says: ["pipeline.yaml:14:51: error: ", "must be a number from -30 to -14 LUFS, not the number -10"]
        ) {
            try $0.replace("tool: mix,", with: "tool: mix, loudness_lufs: -10,", in: pipeline)
        },
        Mistake(name: "key of a voice", says: ["show.yaml:91:58: error: ", "unknown key `sped`", "rate"]) {
            try $0.replace("rate: 136", with: "sped: 136", in: show)
        },
        Mistake(name: "volume beyond what can be", says: ["show.yaml:156:46: error: ", "a number from -60 to 20 dB, not the number 900"]) {
            try $0.replace("volume: -4", with: "volume: 900", in: show)
        },
        Mistake(
            name: "flite has no such voice", says: ["show.yaml:144:38: error: ", "flite has no voice \"slp\"", "did you mean \"slt\"?"]
        ) {
            try $0.replace("espeak, voice: en+f3", with: "flite, voice: slp", in: show)
        },
        Mistake(name: "missing show", says: ["belongs to no show", "put a show.yaml"]) { $0.remove(show) },
        Mistake(name: "missing directory", episode: "olivers-workshop/ep404", status: 64, says: ["ep404", "name an episode"]) { _ in },
        Mistake(name: "unknown target", target: "audio_mixin", status: 64, says: ["\"audio_mixin\"", "did you mean \"audio_mixing\"?"]) {
            _ in
        },
        Mistake(name: "unknown item", target: "audio_synthesis/999", status: 64, says: ["no item \"999\""]) { _ in },
        Mistake(name: "command that fails", episode: Machine.letters, status: 1, says: ["totals/0", "status 7", "no such luck"]) {
            try $0.replace("wc -l", with: "echo no such luck; exit 7; wc -l", in: "letters/pipeline.yaml")
        },
        Mistake(
            name: "command that is missing", episode: Machine.letters, status: 69,
            says: ["the program wordcounter is missing", "install it"]
        ) {
            try $0.replace("run: [sh, -c, \"wc", with: "run: [wordcounter, -c, \"wc", in: "letters/pipeline.yaml")
        },
        Mistake(name: "output that is not made", episode: Machine.letters, status: 1, says: ["\"totl.txt\" was not made"]) {
            try $0.replace("outputs: [total.txt]", with: "outputs: [totl.txt]", in: "letters/pipeline.yaml")
        },
        Mistake(
            name: "output that is a directory", episode: Machine.letters, status: 1, says: ["\"total.txt\" is a directory", "`total.txt/`"]
        ) {
            try $0.replace("wc -l", with: "mkdir total.txt; exit 0; wc -l", in: "letters/pipeline.yaml")
        },
        Mistake(name: "output that is a link", episode: Machine.letters, status: 1, says: ["\"total.txt\" is a symbolic link", "cp -L"]) {
            try $0.replace("wc -l", with: "ln -s /etc/hostname total.txt; exit 0; wc -l", in: "letters/pipeline.yaml")
        },
    ]

    @Test(arguments: mistakes) func isSaidClearly(_ mistake: Mistake) async throws {
        let machine = try Machine()
        try mistake.make(machine)
        let before = machine.files(below: machine.workspace).filter { !$0.hasPrefix(".epbuild/") }
        let words = [Program.epbuild, "build", mistake.episode] + [mistake.target].compactMap { $0 }
        let outcome = try await Program.run(words, in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == mistake.status, "\(outcome)")
        for part in mistake.says { #expect(outcome.errors.contains(part), "missing: \(part)\n\(outcome)") }
        let after = machine.files(below: machine.workspace).filter { !$0.hasPrefix(".epbuild/") }
        #expect(Set(before).isSubset(of: after), "nothing of the person's may be lost")
    }

    @Test(arguments: [["--size", "9999999T"], ["--size", "inf"], ["--size", "-1"], ["--days", "99999999999999"], ["--days", "nan"]])
    func limitsOfACacheThatMakeNoSense(_ words: [String]) async throws {
        let machine = try Machine()
        let outcome = try await Program.run(
            [Program.epbuild, "cache", "gc"] + words, in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 64, "\(outcome)")
    }

    @Test func limitsOfACacheThatMakeSense() async throws {
        let machine = try Machine()
        try await machine.run("cache", "gc", "--size", "8388607T", "--days", "100000").expect(0, says: "removed 0 results")
    }

    /// As a variable of a shell that is not set gives it.
    @Test(arguments: [
        ["", "--json"], ["build", ""], ["plan", ""], ["status", ""], ["log", ""], ["clean", "", "words"], ["build", Machine.letters, ""],
    ])
    func anEmptyWordNamesNothing(_ words: [String]) async throws {
        let machine = try Machine()
        let outcome = try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: machine.environment())
        outcome.expect(64, errors: "an empty word names nothing")
        #expect(machine.files(below: machine.cache).isEmpty)
    }

    @Test func withoutAVoiceProgram() async throws {
        let machine = try Machine()
        let programs = "\(machine.directory)/programs"
        mkdir(programs, 0o755)
        symlink("/bin/sh", "\(programs)/sh")
        let outcome = try await machine.run("build", Machine.moon, environment: ["PATH": programs])
        #expect(outcome.status == 69, "\(outcome)")
        #expect(outcome.errors.contains("the program espeak-ng is missing"), "\(outcome)")
        #expect(outcome.errors.contains("apt-get install espeak-ng"), "\(outcome)")
    }

    @Test(arguments: ["letters/show.yaml", "letters/pipeline.yaml", "\(Machine.letters)/texts/02-noon.txt"])
    func whatCannotBeReadIsNamed(_ path: String) async throws {
        let machine = try Machine()
        chmod("\(machine.workspace)/\(path)", 0)
        // Even the system's administrator may not read it then.
        let asAnybody = getuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
        guard
            try await Program.run(asAnybody + ["test", "!", "-r", path], in: machine.workspace, environment: machine.environment()).status
                == 0
        else {
            return print("whatCannotBeReadIsNamed: skipped, as everything can be read here")
        }
        let outcome = try await Program.run(
            asAnybody + [Program.epbuild, Machine.letters], in: machine.workspace, environment: machine.environment())
        outcome.expect(65, errors: "\(path) cannot be read: Permission denied", "make it readable for you")
        chmod("\(machine.workspace)/\(path)", 0o644)
    }

    @Test func aMistakeCorrectedIsBuilt() async throws {
        let machine = try Machine()
        try machine.replace("each: texts", with: "each: textes", in: "letters/pipeline.yaml")
        #expect(try await machine.build(Machine.letters).outcome.status == 65)
        try machine.replace("each: textes", with: "each: texts", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built, executed: 10)
    }
}

/// Disks that do not do what is asked; mounted in a namespace of their own.
@Suite struct DiskTroubleTests {
    @Test func fullDisk() async throws {
        guard let machine = try await machineThatCanMount() else { return }
        // Words of a few hundred kilobytes do not fit beside each other.
        try machine.edit("\(Machine.letters)/texts/02-noon.txt") { String(repeating: $0, count: 3000) }
        let full = try await run(machine, mount: "mount -t tmpfs -o size=200k none \"$EPBUILD_CACHE\"")
        #expect(full.status == 1, "\(full)")
        #expect(full.errors.contains("No space left") || full.errors.contains("disk is full"), "\(full)")
        try await machine.build(Machine.letters).expect(.built)
    }

    @Test func unwritableCache() async throws {
        guard let machine = try await machineThatCanMount() else { return }
        let outcome = try await run(machine, mount: "mount -t tmpfs -o ro none \"$EPBUILD_CACHE\"")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("Read-only file system"), "\(outcome)")
        #expect(outcome.errors.contains("→"), "there is a remedy: \(outcome)")
        try await machine.build(Machine.letters).expect(.built)
    }

    @Test func unwritableEpisode() async throws {
        guard let machine = try await machineThatCanMount() else { return }
        let episode = "\(machine.workspace)/\(Machine.letters)"
        let outcome = try await run(machine, mount: "mount --bind '\(episode)' '\(episode)' && mount -o remount,bind,ro '\(episode)'")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("Read-only file system"), "\(outcome)")
        // Nothing that was paid for is lost.
        let report = try await machine.build(Machine.letters).expect(.built, executed: 0).report
        #expect(report.actions.cacheHits == report.actions.total)
    }

    private func machineThatCanMount() async throws -> Machine? {
        let machine = try Machine()
        mkdir(machine.cache, 0o755)
        let probe = try await run(machine, mount: "mount -t tmpfs none \"$EPBUILD_CACHE\"", command: "true")
        if probe.status != 0 { print("skipped: nothing can be mounted here: \(probe.errors)") }
        return probe.status == 0 ? machine : nil
    }

    private func run(_ machine: Machine, mount: String, command: String? = nil) async throws -> Program.Outcome {
        let command = command ?? "exec '\(Program.epbuild)' build \(Machine.letters)"
        return try await Program.run(
            ["unshare", "--mount", "--map-root-user", "sh", "-c", "\(mount) && \(command)"], in: machine.workspace,
            environment: machine.environment())
    }
}
