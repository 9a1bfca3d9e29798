import EpCore
import EpDelivery
public import EpPlan
import EpProviders
import EpSound

/// `tool: clip`: a stretch of a recording, for each element of a list that says where it begins and ends.
///
/// Sound and picture are cut out once, exactly; each format is a step of its own that reads these. So other bounds of one clip cost that
/// clip alone, and other captions not even the cut.
public struct ClipTool: Tool {
    public let name = ToolName("clip")
    public let keys = [
        "captions", "fade_seconds", "fit", "formats", "frame_rate", "loudness_lufs", "recording", "short_side_pixels", "transcript",
    ]
    public let delivers = true
    public var programs: [Program] { [RecordingInput.ffmpeg, RecordingFacts.ffprobe] }
    /// To be raised with every change to what the steps of epbuild's own put out.
    static let revision = "1"

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] {
        try ["recording", "transcript"].compactMap(stage.stage(namedBy:))
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let setting = try ClipSetting(stage)
        guard let element = stage.element else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has no clips", at: stage.stage.location,
                remedy: "write `each: STAGE.clips`, where that stage has a list with `title`, `start_seconds` and `end_seconds`")
        }
        let title = PodcastFacts.text(element.value["title"]) ?? "Clip \(element.number)"
        let bounds = try ClipBounds(element, named: title)
        let recording = try RecordingInput(stage)
        let record = try Self.record(of: stage)
        let (ffmpeg, ffprobe) = (stage.version(of: RecordingInput.ffmpeg), stage.version(of: RecordingFacts.ffprobe))
        guard let recording, let record, let ffmpeg, let ffprobe else { return nil }
        let work = ClipWork(
            tool: name, setting: setting, recording: recording, title: title, bounds: bounds, record: record.first,
            versions: (ffmpeg, ffprobe))
        return try work.add(to: stage, for: element)
    }

    /// What is said in the recording, if the stage names a transcript.
    /// - Returns: nil if it is not known yet.
    private static func record(of stage: StageContext) throws -> [SpokenRecord]? {
        guard let reference = try stage.stage(namedBy: "transcript") else { return [] }
        guard let file = try stage.artifacts(of: reference.stage)?.files.first else { return nil }
        // One for each recording: all of its clips read it.
        let known = stage.shared { KnownRecords() }
        if let record = known.records[file.source] { return [record] }
        guard let value = try stage.value(of: file, of: reference.stage) else { return nil }
        guard let record = SpokenRecord(value) else {
            throw Diagnostic(
                .badInput, "\(stage.shown(file, of: reference.stage)) is no transcript: it has no `segments`", at: reference.location,
                remedy: "name a stage with `tool: transcribe`, whose `output` ends in .json")
        }
        known.records[file.source] = record
        return [record]
    }

    private final class KnownRecords {
        var records: [ArtifactSource: SpokenRecord] = [:]
    }

    /// Cuts the sound of a clip: anything else is a program's work.
    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard let wanted = Value(json: try job.inputs.bytes("clip.json")), let first = wanted["first_sample"]?.number,
            let count = wanted["samples"]?.number,
            let fade = wanted["fade_samples"]?.number, let loudness = wanted["loudness_lufs"]?.number
        else { throw StepFailure(Diagnostic(.actionFailed, "nobody says where the clip begins")) }
        let sound = try WAVFile(job.inputs.reader("sound.wav"), named: "sound.wav")
        // The picture may go on behind the sound.
        let start = min(Int(first), sound.count)
        let clip = ClipSound(start..<min(sound.count, start + max(0, Int(count))), of: sound, fade: Int(fade))
        let file = try JobFile("clip.wav", of: job)
        try clip.writeWAV(gainDecibels: clip.gainDecibels(for: loudness)) { try file.write($0) }
        return JobResult(outputs: ["clip.wav": .file(try file.close())], servedBy: "epbuild clip \(Self.revision)")
    }

    /// What ffmpeg complains of is about the recording, where that is read.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        try await RecordingInput.read(job, run)
    }
}

extension SpokenRecord {
    /// What is said in a stretch, with times from its beginning. A word counts where its middle lies.
    func transcript(from start: Double, to end: Double) -> Transcript {
        SpokenRecord(language: language, seconds: end - start, recognizer: recognizer, segments: segments.compactMap { segment in
            let words = segment.words.filter { (start..<end).contains(($0.start + $0.end) / 2) }
            let moved = words.map { $0.moved(by: -start).within(0...end - start) }
            return moved.isEmpty ? nil : Segment(speaker: segment.speaker, words: moved)
        }).transcript
    }
}
