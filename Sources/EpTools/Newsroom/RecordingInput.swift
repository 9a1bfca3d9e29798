import EpCore
import EpPlan

/// A recording of the person's, or one that a stage has made, and how ffmpeg is to read it.
///
/// Its name says nothing: what it is, its content tells. ffmpeg opens this one file, whatever a playlist or a disguised one
/// would have it open, and stops at damage instead of leaving a part out.
struct RecordingInput {
    static let ffmpeg = Program("ffmpeg", versionArguments: ["-version"], package: "ffmpeg")
    /// What it is called where a program reads it.
    static let label = "recording"
    /// Tells where a person has named it, where that is not beside the stage.
    static let placeLabel = "named at"
    /// Containers of sound and video. None of them names other files.
    private static let formats = [
        "mov", "matroska", "mp3", "wav", "w64", "flac", "ogg", "aac", "ac3", "aiff", "caf", "amr", "asf", "avi", "flv", "mpeg", "mpegts",
    ]

    let file: ArtifactRef
    /// How messages call it.
    let shown: String

    /// What stands before all that ffmpeg is told.
    static let quietly = ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-y", "-xerror"]
    /// Tells ffmpeg what it reads.
    static let opened = [
        "-max_pixels", "50000000", "-protocol_whitelist", "file", "-format_whitelist", formats.joined(separator: ","), "-i",
        "file:\(label)",
    ]
    /// What is written is the same each time.
    static let plainly = ["-map_metadata", "-1", "-map_chapters", "-1", "-flags", "+bitexact", "-fflags", "+bitexact"]

    /// What `recording:` of the stage names, else its element.
    /// - Returns: nil if it is not known yet.
    /// - Throws: `Diagnostic` if there is not just one.
    init?(_ stage: StageContext) throws {
        if let reference = try stage.stage(namedBy: "recording") {
            guard let artifacts = try stage.artifacts(of: reference.stage) else { return nil }
            guard let file = artifacts.files.first, artifacts.files.count == 1 else {
                let names = artifacts.files.prefix(3).map(\.name).joined(separator: ", ") + (artifacts.files.count > 3 ? ", …" : "")
                let many = artifacts.files.isEmpty ? "nothing" : "\(artifacts.files.count) files: \(names)"
                throw Diagnostic(
                    .badInput, "stage \"\(stage.stage.name)\" reads one recording, and \"\(reference.stage)\" hands on \(many)",
                    at: reference.location,
                    remedy: artifacts.files.count > 1
                        ? "move the others away; or write `each: \(reference.stage)` in its place, for an item a recording" : nil)
            }
            (self.file, shown) = (file, stage.shown(file, of: reference.stage))
        } else if let element = stage.element, let file = element.files.first {
            (self.file, shown) = (file, Self.shown(file, of: element))
        } else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has no recording", at: stage.stage.location,
                remedy: "write `recording: STAGE`, or `each: STAGE` for several recordings")
        }
    }

    private static func shown(_ file: ArtifactRef, of element: Element) -> String {
        if case .file(let source) = file.source { source.shown } else { element.value["name"]?.letters ?? file.name }
    }

    var input: Step.Input { Step.Input(Self.label, file.source) }
    /// Tells whoever runs the step how to call it; no part of its address.
    var reason: Step.Reason { Step.Reason(Self.label, shown, of: Self.label) }

    /// The name that a step was given.
    static func shown(in job: Job) -> String { job.step.reasons.first { $0.label == label }?.text ?? "the recording" }
    private static func place(in job: Job) -> String? { job.step.reasons.first { $0.label == placeLabel }?.text }
}

extension RecordingInput {
    /// Runs ffmpeg over a recording; what it complains of is said in a person's words, with the file and what to do.
    static func read(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        do {
            let result = try await run()
            // At the end of a file that is cut off, ffmpeg may have nothing more to say than this.
            guard let size = try size(in: job), result.messages.contains(where: { $0.contains("partial file") }) else { return result }
            let said = result.messages.map { "\n\($0)" }.joined()
            throw StepFailure(problem(said: said, size: size, shown: shown(in: job), place: place(in: job)) ?? Diagnostic(.badInput, said))
        } catch let failure as StepFailure where failure.exitStatus != nil {
            guard let size = try size(in: job),
                let problem = problem(said: failure.diagnostic.message, size: size, shown: shown(in: job), place: place(in: job))
            else { throw failure }
            throw StepFailure(problem, exitStatus: failure.exitStatus)
        }
    }

    /// Nil if the job does not read the recording itself.
    private static func size(in job: Job) throws -> Int? { try job.inputs.labels.contains(label) ? job.inputs.reader(label).count : nil }

    /// - Parameters:
    ///   - said: what ffmpeg has printed.
    ///   - size: of the recording, in bytes.
    ///   - place: where a person has named it.
    static func problem(said: String, size: Int, shown: String, place: String? = nil) -> Diagnostic? {
        func problem(_ what: String, _ remedy: String) -> Diagnostic {
            Diagnostic(
                .badInput, "\(shown)\(place.map { " (named at \($0))" } ?? "") \(what)", at: SourceLocation(file: shown), remedy: remedy)
        }
        let lines = said.split(separator: "\n").dropFirst().map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.joined(
            separator: "; ")
        if size == 0 { return problem("is empty", "copy it here once more") }
        if said.contains("not on whitelist") {
            return problem(
                "is a list of other files, or of a kind that is not read here",
                "give the sound or video file itself, such as MP4, MKV, MP3, WAV or FLAC")
        }
        if said.contains("matches no streams") { return problem("has no sound in it", "give a recording in which something can be heard") }
        if said.contains("max_pixels") { return problem("has pictures of more than 50 million pixels", "make them smaller") }
        if ["moov atom not found", "corrupt", "Error while decoding", "truncated", "Truncating", "partial file"].contains(
            where: said.contains)
        {
            return problem(
                "is damaged or cut off: ffmpeg says \(lines)",
                "copy it here once more; or keep what there is of it: `ffmpeg -i FILE -c:v libx264 -c:a flac whole.mkv`")
        }
        if said.contains("Invalid data found") || said.contains("Invalid argument") {
            return problem(
                "is no recording that ffmpeg can read: \(lines)", "give a sound or video file; what it is called does not matter")
        }
        return nil
    }
}
