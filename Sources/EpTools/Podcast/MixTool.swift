import EpCore
public import EpPlan
import EpSound

/// `tool: mix`: a script and its spoken lines become sound, in parts.
///
/// What is no WAV file is decoded first (`OwnSound`). Then five kinds of steps: each line is *measured*; from the measures follows the
/// timeline, which is cut into parts; each part's
/// *loudness* gives the *gain* of the whole; each part is *encoded* with its neighbours' sound at its edges. An edited line
/// changes its own measure, its own part, and a neighbour only if that hears it.
///
/// Hands on `timeline.json`, then for each part its frames (`000001.mp3`) and their summary (`000001.json`).
public struct MixTool: Tool {
    public let name = ToolName("mix")
    public let keys = ["from", "loudness_lufs", "bitrate_kbps"] + MixSetting.timelineKeys
    public var programs: [Program] { [RecordingInput.ffmpeg] }
    public var heavyOperations: Set<String> { ["loudness", "encode"] }
    /// To be raised with every change to what the steps put out.
    static let revision = "2"
    /// Of what is encoded.
    private static let encodingRevision = "3"

    private let knownMeasures = KnownMeasures()
    private let knownParts = KnownParts()

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let setting = try MixSetting(stage)
        guard let sources = try MixSources(stage) else { return nil }
        let measures = sources.files.enumerated().map { index, file in
            stage.add(
                "measure \(index + 1)", operation: operation("measure"), inputs: [.init("sound.wav", file.source)],
                outputs: ["measure.json"],
                reasons: sources.reasons[file.source] ?? [])
        }
        let files = measures.map { ArtifactRef(name: "measure.json", source: .output($0, path: "measure.json")) }
        guard let measured = try knownMeasures.all(files, of: sources.files, stage), let words = try sources.words(stage)
        else { return nil }
        let timeline = sources.timeline(measured, setting.timeline, words: words, blueprint: stage.blueprint)
        let encoded = addParts(timeline, sources, setting, to: stage)
        let value = timeline.value
        let text = Array(value.json().utf8)
        PackageSources.note(value, as: text)
        return [ArtifactRef(name: "timeline.json", source: .literal(text))] + encoded
    }

    private func operation(_ name: String) -> Step.Operation {
        .builtIn(tool: self.name, operation: name, revision: name == "encode" ? Self.encodingRevision : Self.revision)
    }

    private func addParts(_ timeline: Timeline, _ sources: MixSources, _ setting: MixSetting, to stage: StageContext) -> [ArtifactRef] {
        let cut = timeline.parts
        let written = knownParts.all(sources.keys(of: cut)) { key in
            KnownParts.Written(
                window: Step.Input("window.json", text: MixWindowText.encode(key.window)), reasons: MixSources.reasons(for: key))
        }
        let parts = zip(cut, written).map { part, written in
            [written.window] + part.sources.enumerated().map { Step.Input("sources/\(Self.number($0)).wav", sources.files[$1].source) }
        }
        let reasons = written.map(\.reasons)
        let loudness = parts.enumerated().map { index, inputs in
            stage.add(
                "loudness \(index + 1)", operation: operation("loudness"), inputs: inputs, outputs: ["loudness"], reasons: reasons[index])
        }
        let target = Step.Input("target_lufs", text: Value.double(setting.targetLoudness).json())
        let gain = stage.add(
            "gain", operation: operation("gain"),
            inputs: [target] + loudness.enumerated().map { .init("parts/\(Self.number($0))", .output($1, path: "loudness")) },
            outputs: ["gain_db"])
        let bitrate = Step.Input("bitrate_kbps", text: String(setting.bitrate))
        return parts.enumerated().flatMap { index, inputs in
            let step = stage.add(
                "part \(index + 1)", operation: operation("encode"),
                inputs: inputs + [.init("gain_db", .output(gain, path: "gain_db")), bitrate],
                outputs: ["part.json", "part.mp3"], reasons: reasons[index])
            return ["mp3", "json"].map { ArtifactRef(name: "\(Self.number(index + 1)).\($0)", source: .output(step, path: "part.\($0)")) }
        }
    }

    /// Six digits, so that labels sort as numbers do.
    static func number(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// A line that turns out silent is heard as silence.
    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        step.outputs == ["measure.json"] ? [Alternative(placeholder: "silence", by: name, "measure", inputs: step.inputs)] : []
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation else {
            throw StepFailure(Diagnostic(.actionFailed, "mix runs no program"))
        }
        let outputs: [Path: JobResult.Content] =
            switch operation {
            case "measure", "placeholder.measure": try Self.measure(job)
            case "loudness": try Self.loudness(job)
            case "gain": try Self.gain(job)
            case "cut": try OwnSound.cut(job)
            default: try Self.encode(job)
            }
        return JobResult(outputs: outputs, servedBy: "epbuild mix \(Self.revision)")
    }

    /// What ffmpeg complains of is about the person's file.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        try await RecordingInput.read(job, run)
    }

    // MARK: the steps

    private static func measure(_ job: Job) throws -> [Path: JobResult.Content] {
        let bytes = try job.inputs.reader("sound.wav")
        let name = soundName(job)
        let sound = SoundStream(try WAVFile(bytes, named: name))
        let isMeant = try job.step.isPlaceholder || Silence.isPlaceholder(wav: bytes)
        let measure = isMeant ? LineMeasure(ofSilence: sound) : try LineMeasure(of: sound)
        try KnownSounds.shared.note(sound, of: bytes)
        guard !measure.isSilent else { throw StepFailure(silence(job, name)) }
        return ["measure.json": .bytes(Array(measure.json.utf8))]
    }

    private static func silence(_ job: Job, _ name: String) -> Diagnostic {
        let message = "the sound \(name) is silent"
        guard isOwn(job) else {
            return Diagnostic(.actionFailed, message, remedy: "see what the line says; punctuation alone cannot be spoken")
        }
        return Diagnostic(
            .badInput, message, at: SourceLocation(file: name), remedy: "see whether it is the right file, and copy it here once more")
    }

    /// Whether what is measured is a person's sound, and not a voice's.
    private static func isOwn(_ job: Job) -> Bool {
        if job.step.reasons.contains(where: { $0.label == RecordingInput.label }) { return true }
        return if case .file = job.step.inputs.first(where: { $0.label == "sound.wav" })?.source { true } else { false }
    }

    /// How messages tell of the sound that is measured: a person's file as it is shown, else by the name that its stage gave it.
    private static func soundName(_ job: Job) -> String {
        if job.step.reasons.contains(where: { $0.label == RecordingInput.label }) { return RecordingInput.shown(in: job) }
        let label = "sound.wav"
        switch job.step.inputs.first(where: { $0.label == label })?.source {
        case .file(let file): return file.shown
        case .output(_, let path): return path
        case .literal, nil: return label
        }
    }

    private static func loudness(_ job: Job) throws -> [Path: JobResult.Content] {
        ["loudness": .bytes(try window(job).loudness(from: sounds(job)).bytes)]
    }

    private static func gain(_ job: Job) throws -> [Path: JobResult.Content] {
        let parts = try job.inputs.labels.filter { $0.hasPrefix("parts/") }.map {
            try LoudnessBlocks(bytes: job.inputs.bytes($0), named: $0)
        }
        let gain = MixWindow.gainDecibels(for: parts, target: Double(try job.inputs.text("target_lufs")) ?? LineMeasure.targetLoudness)
        return ["gain_db": .bytes(Array("\(gain)".utf8))]
    }

    /// A part up to this length is kept in memory; a longer one is written as it is encoded.
    private static let longPart = 120 * PCM.timelineRate

    private static func encode(_ job: Job) throws -> [Path: JobResult.Content] {
        let settings = MP3.Settings(bitrate: Int(try job.inputs.text("bitrate_kbps")) ?? 192)
        let gain = Double(try job.inputs.text("gain_db")) ?? 0
        let window = try window(job)
        let sounds = sounds(job)
        guard window.length > longPart else {
            let part = try window.encode(gainDecibels: gain, settings: settings, from: sounds)
            return ["part.mp3": .bytes(part.bytes), "part.json": .bytes(Array(part.summary.json.utf8))]
        }
        let file = try JobFile("part.mp3", of: job)
        let summary = try window.encode(gainDecibels: gain, settings: settings, from: sounds) { try file.write($0) }
        return ["part.mp3": .file(try file.close()), "part.json": .bytes(Array(summary.json.utf8))]
    }

    private static func window(_ job: Job) throws -> MixWindow { try MixWindowText.decode(job.inputs.bytes("window.json")) }

    private static func sounds(_ job: Job) -> MixSounds {
        let labels = job.inputs.labels.filter { $0.hasPrefix("sources/") }
        return MixSounds(count: labels.count) { try KnownSounds.shared.stream(job.inputs.reader(labels[$0]), named: labels[$0]) }
    }
}
