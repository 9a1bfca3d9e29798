import EpCore
public import EpPlan
import EpScript
import EpSound

/// `tool: tts`: one line of a script, spoken.
///
/// A line's address holds its text, its voice, rate and pitch, and the program's version; not the script, the
/// speaker's name or the line's place.
public struct SpeechTool: Tool {
    public let name = ToolName("tts")
    public let keys = ["provider"]
    public let providerKinds: [String: [String]]? = ["espeak": [], "espeak-ng": [], "flite": []]

    private static let espeak = Program("espeak-ng", versionArguments: ["--version"], package: "espeak-ng")
    private static let flite = Program("flite", versionArguments: ["--version"], package: "flite")

    /// Voices that need no network and no key.
    private static let substitutes: [(use: String, program: Program)] = [("espeak", espeak), ("flite", flite)]

    public init() {}

    /// The program that a kind of voice needs; nil if there is no such kind.
    public static func program(of use: String) -> Program? {
        switch use {
        case "espeak", "espeak-ng": espeak
        case "flite": flite
        default: nil
        }
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let text = stage.element?.value["text"]?.string, let speaker = stage.element?.value["speaker"]?.string else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" speaks lines, but its elements have no `speaker` and `text`", at: stage.stage.location,
                remedy: "write `each: STAGE.lines`, where the stage's output is a .fountain script")
        }
        let voice = try Self.voice(in: stage)
        let place = VoicePlace(of: speaker, in: stage)
        let (program, arguments) = try Self.command(voice, at: place["provider"] ?? stage.element?.location)
        let spelled = try Self.spelled(text, voice, of: speaker, in: stage)
        // A draft must know every voice that is here: one may have to speak for another.
        let isKnown = !stage.isDraft || Self.substitutes.map { stage.version(of: $0.program) }.allSatisfy { $0 != nil }
        guard let version = stage.version(of: program), isKnown,
            try stage.isMissing(program) || VoiceCheck(stage).hasVoice(voice, of: speaker, at: place["voice"] ?? stage.element?.location)
        else { return nil }
        let step = stage.add(
            operation: .program(arguments: arguments, environment: [:]), inputs: [Step.Input("line.txt", text: spelled)],
            outputs: ["line.wav"], platform: [program.name: version], reasons: voice.reasons(for: speaker))
        return [ArtifactRef(name: "line.wav", source: .output(step, path: "line.wav"))]
    }

    /// - Throws: `Diagnostic` at the line if it cannot be spoken, or not all of it.
    private static func spelled(_ text: String, _ voice: Voice, of speaker: String, in stage: StageContext) throws -> String {
        do {
            return try SpokenText.spelled(text, for: voice.use)
        } catch .nothing {
            throw Diagnostic(
                .badInput, "nothing in this line of \(speaker) can be spoken: \"\(text)\"", at: stage.element?.location,
                remedy: "write it in words, or take the line out")
        } catch .words(let words) {
            let shown = words.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ") + (words.count > 3 ? " and \(words.count - 3) more" : "")
            throw Diagnostic(
                .badInput, "\(voice.use) cannot speak \(shown), and would leave it out", at: stage.element?.location,
                remedy: "give \(speaker) another voice (`characters` in show.yaml), such as espeak's, or write it in Latin letters and words")
        }
    }

    private static func voice(in stage: StageContext) throws -> Voice {
        let line = stage.element?.value
        return try Voice(
            speaker: line?["speaker"]?.string ?? "", delivery: line?["delivery"]?.string ?? "", blueprint: stage.blueprint,
            provider: stage.provider(), at: stage.element?.location)
    }

    /// Another voice of this machine, else silence for about as long as the line would last.
    public func placeholders(for step: Step, in stage: StageContext) -> [Placeholder] {
        let others = Self.substitutes.filter { step.platform[$0.program.name] == nil && !stage.isMissing($0.program) }
        let voices = others.compactMap { use, program -> Placeholder? in
            guard let voice = try? Self.voice(in: stage).spoken(by: use), let version = stage.version(of: program),
                let text = try? SpokenText.spelled(stage.element?.value["text"]?.string ?? "", for: use),
                let (_, arguments) = try? Self.command(voice, at: nil)
            else { return nil }
            return Placeholder(
                "the voice of \(program.name)", operation: .program(arguments: arguments, environment: [:]),
                inputs: [Step.Input("line.txt", text: text)], platform: [program.name: version])
        }
        return voices + [Placeholder("silence", by: name, "silence", inputs: step.inputs)]
    }

    /// Makes the silence of a placeholder: anything else is a program's work.
    public func run(_ job: Job) async throws -> JobResult {
        let seconds = ScriptReport.seconds(speaking: try job.inputs.text("line.txt"))
        return JobResult(outputs: ["line.wav": .bytes(Silence.wav(seconds: seconds))], servedBy: "epbuild placeholder")
    }

    private static func command(_ voice: Voice, at location: SourceLocation?) throws -> (Program, [String]) {
        switch voice.use {
        case "espeak", "espeak-ng":
            let pitch = voice.pitch.map { ["-p", String($0)] } ?? []
            return (espeak, ["espeak-ng", "-v", voice.name, "-s", String(voice.rate)] + pitch + ["-w", "line.wav", "-f", "line.txt"])
        case "flite":
            // flite speaks about 170 words a minute at stretch 1; its voices lie between 100 and 300 Hz.
            let stretch = "duration_stretch=\(decimal(170 / Double(voice.rate)))"
            let pitch = voice.pitch.map { ["--setf", "int_f0_target_mean=\(100 + 2 * $0)"] } ?? []
            return (flite, ["flite", "-voice", voice.name, "--setf", stretch] + pitch + ["-f", "line.txt", "-o", "line.wav"])
        default:
            throw Diagnostic(
                .badInput, "there is no kind of voice \"\(voice.use)\"", at: location, remedy: Suggestion.remedy(for: voice.use, in: ["espeak", "flite"]))
        }
    }

    /// Whose voice a command speaks with: the other way round. Nil for any other program.
    static func voice(of arguments: [String]) -> (use: String, name: String)? {
        guard arguments.count > 2 else { return nil }
        switch (arguments[0], arguments[1]) {
        case ("espeak-ng", "-v"): return ("espeak", arguments[2])
        case ("flite", "-voice"): return ("flite", arguments[2])
        default: return nil
        }
    }

    /// Three decimals.
    private static func decimal(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
