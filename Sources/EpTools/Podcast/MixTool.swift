import EpCore
public import EpPlan
import EpProviders
import EpScript
import EpSound

/// `tool: mix`: a script and its spoken lines become sound, in parts.
///
/// Five kinds of steps: each line is *measured*; from the measures follows the timeline, which is cut into parts; each part's
/// *loudness* gives the *gain* of the whole; each part is *encoded* with its neighbours' sound at its edges. An edited line
/// changes its own measure, its own part, and a neighbour only if that hears it.
///
/// Hands on `timeline.json`, then for each part its frames (`000001.mp3`) and their summary (`000001.json`).
public struct MixTool: Tool {
    public let name = ToolName("mix")
    public let keys = ["from", "loudness_lufs", "bitrate_kbps"] + MixSetting.timelineKeys
    /// To be raised with every change to what the steps put out.
    static let revision = "2"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let setting = try MixSetting(stage)
        guard let sources = try MixSources(stage) else { return nil }
        let measures = sources.files.enumerated().map { index, file in
            stage.add("measure \(index + 1)", operation: operation("measure"), inputs: [.init("sound.wav", file.source)], outputs: ["measure.json"])
        }
        let files = measures.map { ArtifactRef(name: "measure.json", source: .output($0, path: "measure.json")) }
        guard let texts = try stage.bytes(of: files), let words = try sources.words(stage) else { return nil }
        let measured = try zip(texts, sources.files).map { try LineMeasure(json: $0, named: $1.name) }
        let timeline = sources.timeline(measured, setting.timeline, words: words, blueprint: stage.blueprint)
        let encoded = addParts(timeline, sources, setting, to: stage)
        let json = timeline.value.json()
        return [ArtifactRef(name: "timeline.json", source: .literal(Array(json.utf8)))] + encoded
    }

    private func operation(_ name: String) -> Step.Operation { .builtIn(tool: self.name, operation: name, revision: Self.revision) }

    private func addParts(_ timeline: Timeline, _ sources: MixSources, _ setting: MixSetting, to stage: StageContext) -> [ArtifactRef] {
        let parts = timeline.parts.map { part in
            [Step.Input("window.json", text: MixWindowText.encode(part.window))]
                + part.sources.enumerated().map { Step.Input("sources/\(Self.number($0)).wav", sources.files[$1].source) }
        }
        let loudness = parts.enumerated().map { index, inputs in
            stage.add("loudness \(index + 1)", operation: operation("loudness"), inputs: inputs, outputs: ["loudness"])
        }
        let target = Step.Input("target_lufs", text: Value.double(setting.targetLoudness).json())
        let gain = stage.add(
            "gain", operation: operation("gain"),
            inputs: [target] + loudness.enumerated().map { .init("parts/\(Self.number($0))", .output($1, path: "loudness")) }, outputs: ["gain_db"])
        let bitrate = Step.Input("bitrate_kbps", text: String(setting.bitrate))
        return parts.enumerated().flatMap { index, inputs in
            let step = stage.add(
                "part \(index + 1)", operation: operation("encode"), inputs: inputs + [.init("gain_db", .output(gain, path: "gain_db")), bitrate],
                outputs: ["part.json", "part.mp3"])
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
        guard case .builtIn(_, let operation, _) = job.step.operation else { throw StepFailure(Diagnostic(.actionFailed, "mix runs no program")) }
        let outputs: [String: JobResult.Content] = switch operation {
        case "measure", "placeholder.measure": try Self.measure(job)
        case "loudness": try Self.loudness(job)
        case "gain": try Self.gain(job)
        default: try Self.encode(job)
        }
        return JobResult(outputs: outputs, servedBy: "epbuild mix \(Self.revision)")
    }

    // MARK: the steps

    private static func measure(_ job: Job) throws -> [String: JobResult.Content] {
        let bytes = try job.inputs.reader("sound.wav")
        let name = soundName(job)
        let sound = SoundStream(try WAVFile(bytes, named: name))
        let isMeant = try job.step.isPlaceholder || Silence.isPlaceholder(wav: bytes)
        let measure = isMeant ? LineMeasure(ofSilence: sound) : try LineMeasure(of: sound)
        guard !measure.isSilent else {
            throw StepFailure(Diagnostic(.actionFailed, "the sound \(name) is silent", remedy: "see what the line says; punctuation alone cannot be spoken"))
        }
        return ["measure.json": .bytes(Array(measure.json.utf8))]
    }

    /// How messages tell of the sound that is measured: a person's file as it is shown, else by the name that its stage gave it.
    private static func soundName(_ job: Job) -> String {
        let label = "sound.wav"
        switch job.step.inputs.first(where: { $0.label == label })?.source {
        case .file(let file): return file.shown
        case .output(_, let path): return path
        case .literal, nil: return label
        }
    }

    private static func loudness(_ job: Job) throws -> [String: JobResult.Content] {
        ["loudness": .bytes(try window(job).loudness(from: sounds(job)).bytes)]
    }

    private static func gain(_ job: Job) throws -> [String: JobResult.Content] {
        let parts = try job.inputs.labels.filter { $0.hasPrefix("parts/") }.map { try LoudnessBlocks(bytes: job.inputs.bytes($0), named: $0) }
        let gain = MixWindow.gainDecibels(for: parts, target: Double(try job.inputs.text("target_lufs")) ?? LineMeasure.targetLoudness)
        return ["gain_db": .bytes(Array("\(gain)".utf8))]
    }

    /// A part up to this length is kept in memory; a longer one is written as it is encoded.
    private static let longPart = 120 * PCM.timelineRate

    private static func encode(_ job: Job) throws -> [String: JobResult.Content] {
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
        return MixSounds(count: labels.count) { SoundStream(try WAVFile(job.inputs.reader(labels[$0]), named: labels[$0])) }
    }
}

/// What a mix is made from: the script, one sound for each of its lines, and music and effects by name.
private struct MixSources {
    let script: Script
    /// The lines' sounds in their order, then the music and effects that are used.
    let files: [ArtifactRef]
    private let sounds: [String: Int]
    /// When the words of a line are heard, by the line, where its voice tells that.
    private let timed: [Int: ArtifactRef]

    /// Nil if something is not known yet.
    init?(_ stage: StageContext) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var whole: Script?
        var (voices, times) = ([(line: Int, file: ArtifactRef)](), [(line: Int, file: ArtifactRef)]())
        var leftOut = 0
        var named: [String: ArtifactRef] = [:]
        for (name, artifacts) in upstreams {
            if let file = artifacts.files.first, file.fileExtension == "fountain" {
                guard let known = try stage.script(file, of: name) else { return nil }
                whole = known
            } else if artifacts.isFanOut, artifacts.items.allSatisfy({ $0.element?.value["speaker"] != nil }) {
                let spoken = artifacts.items.flatMap { item in item.files.map { (line: (item.element?.number ?? 0) - 1, file: $0) } }
                voices = spoken.filter { $0.file.name != Self.wordsFile }
                times = spoken.filter { $0.file.name == Self.wordsFile }
                leftOut = artifacts.leftOut
            } else {
                try Self.add(artifacts.files, of: name, to: &named, at: stage.stage.location)
            }
        }
        guard let whole, whole.lines.count == voices.count + leftOut, Set(voices.map(\.line)).count == voices.count, voices.allSatisfy({ whole.lines.indices.contains($0.line) }) else {
            throw Diagnostic(
                .badInput, "a mix needs a .fountain script, and a sound for each of its lines", at: stage.stage.location,
                remedy: "write `from: [SCRIPT, SPEECH]`, where SPEECH has `each: SCRIPT.lines`")
        }
        let script = whole.speaking(only: voices.map(\.line))
        try Self.check(script, known: named.keys.sorted())
        let wanted = Set(script.cues.map(\.name) + script.directions.compactMap(\.effect)).union(["intro", "bed", "outro"])
        let used = named.filter { wanted.contains($0.key) }.sorted { $0.key < $1.key }
        self.script = script
        let places = Dictionary(voices.enumerated().map { ($1.line, $0) }) { first, _ in first }
        timed = Dictionary(times.compactMap { time in places[time.line].map { ($0, time.file) } }) { first, _ in first }
        files = voices.map(\.file) + used.map(\.value)
        sounds = Dictionary(used.enumerated().map { ($1.key, voices.count + $0) }) { first, _ in first }
    }

    private static let wordsFile = "words.json"

    /// When the words of each line are heard, in seconds of its sound; nil until that is known.
    func words(_ stage: StageContext) throws -> [Int: [TimedWord]]? {
        let lines = timed.sorted { $0.key < $1.key }
        guard let texts = try stage.bytes(of: lines.map(\.value)) else { return nil }
        return Dictionary(zip(lines, texts).map { ($0.key, (Value(json: $1)?.list ?? []).compactMap(TimedWord.init)) }) { first, _ in first }
    }

    /// A sound is named by its file, without what tells its format. A stage that stands later has the last word.
    /// - Throws: `Diagnostic` if two files of one stage have one name.
    private static func add(_ files: [ArtifactRef], of stage: StageName, to named: inout [String: ArtifactRef], at location: SourceLocation) throws(Diagnostic) {
        var own: [String: ArtifactRef] = [:]
        for file in files {
            guard let other = own.updateValue(file, forKey: file.stem) else { continue }
            throw Diagnostic(
                .badInput, "\(other.name) and \(file.name) of \(stage) are both the sound \"\(file.stem)\"", at: location, remedy: "give one of them another name")
        }
        named.merge(own) { $1 }
    }

    private static func check(_ script: Script, known: [String]) throws {
        let cues = script.cues.map { (name: $0.name, what: $0.kind == .music ? "music" : "effect", place: $0.location) }
        let wanted = cues + script.directions.compactMap { direction in direction.effect.map { ($0, "effect", direction.location) } }
        let problems = wanted.filter { !known.contains($0.name) }.map { sound in
            Diagnostic(.badInput, "there is no \(sound.what) \"\(sound.name)\"", at: sound.place, remedy: Suggestion.remedy(for: sound.name, in: known))
        }
        if !problems.isEmpty { throw DiagnosticList(problems) }
    }

    func timeline(_ measures: [LineMeasure], _ setting: Timeline.Setting, words: [Int: [TimedWord]], blueprint: Value) -> Timeline {
        let lines = Array(measures.prefix(script.lines.count))
        return Timeline(
            script, lines: lines, volumes: script.lines.map { min(20, max(-60, Manner($0.delivery, blueprint).volume)) },
            sounds: sounds.mapValues { Timeline.Sound(source: $0, measure: measures[$0]) }, words: words, setting: setting)
    }
}
