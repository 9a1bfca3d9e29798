import EpCore
import EpPlan
import EpProviders
import EpSound

/// Sound of the person's, in whatever form, as the mix reads it: decoded by ffmpeg in a step of its own, then cut as it is asked for.
///
/// So another level of a song is no decoding, and a song that two episodes play is decoded once.
struct OwnSound {
    static let output = "sound.wav"

    let file: ArtifactRef
    /// How messages call it.
    let shown: String
    /// Where the person has named it; nil if a stage hands it on.
    let place: SourceLocation?
    /// What its steps are called within their target.
    let title: String

    /// - Parameter wish: the stretch that is heard.
    /// - Returns: nil if it is not known yet.
    /// - Throws: `Diagnostic` if the stretch does not lie in the file.
    func decoded(for wish: SoundWish?, in stage: StageContext) throws -> ArtifactRef? {
        guard let version = stage.version(of: RecordingInput.ffmpeg) else { return nil }
        let step = stage.add(
            "decode \(title)", operation: .program(arguments: Self.decoding, environment: [:]),
            inputs: [Step.Input(RecordingInput.label, file.source)],
            outputs: [Self.output], platform: ["ffmpeg": version], reasons: reasons)
        let whole = ArtifactSource.output(step, path: Self.output)
        guard let wish, wish.isCut else { return ArtifactRef(name: Self.output, source: whole) }
        guard let size = stage.digest(of: whole)?.size else { return nil }
        // Stereo of 16 bits, behind a header of 44 bytes.
        let samples = max(0, Int(size) - 44) / 4
        let range = try range(wish, of: samples)
        let cut = Value.object([
            .init("first_sample", .int(Int64(range.lowerBound))), .init("samples", .int(Int64(range.count))),
            .init("fade_samples", .int(Int64(min(range.count / 2, Timeline.samples(wish.fadeSeconds))))),
        ])
        let excerpt = stage.add(
            "cut \(title)", operation: .builtIn(tool: stage.stage.tool, operation: "cut", revision: MixTool.revision),
            inputs: [Step.Input("cut.json", text: cut.json()), Step.Input(Self.output, whole)], outputs: [Self.output], reasons: reasons)
        return ArtifactRef(name: Self.output, source: .output(excerpt, path: Self.output))
    }

    /// Tell whoever runs a step how to call the file; no part of an address.
    var reasons: [Step.Reason] {
        [Step.Reason(RecordingInput.label, shown, of: RecordingInput.label)]
            + (place.map { [Step.Reason(RecordingInput.placeLabel, $0.description, of: RecordingInput.label)] } ?? [])
    }

    private static let decoding = RecordingInput.quietly + RecordingInput.opened
        + ["-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "2", "-ar", String(PCM.timelineRate), "-c:a", "pcm_s16le"]
        + RecordingInput.plainly + ["-f", "wav", "-rf64", "auto", output]

    private func range(_ wish: SoundWish, of samples: Int) throws(Diagnostic) -> Range<Int> {
        let start = wish.start.map { Timeline.samples($0.seconds) } ?? 0
        let end = wish.end.map { Timeline.samples($0.seconds) } ?? samples
        // Half a tenth of a second is what people round off.
        guard start < samples, end <= samples + Timeline.samples(0.05) else {
            let key = start < samples ? "out" : "in"
            let length = (Double(samples) / Double(PCM.timelineRate) * 100).rounded(.down) / 100
            throw Diagnostic(
                .badInput, "`\(key)` of sound \"\(wish.name)\" lies behind the end of \(shown), which lasts \(length) s",
                at: key == "in" ? wish.start?.location : wish.end?.location,
                remedy: "write a moment of the file, in seconds from its beginning")
        }
        return start..<min(end, samples)
    }

    /// Cuts a stretch out of what was decoded, and fades it.
    static func cut(_ job: Job) throws -> [Path: JobResult.Content] {
        guard let wanted = Value(json: try job.inputs.bytes("cut.json")), let first = wanted["first_sample"]?.number,
            let count = wanted["samples"]?.number, let fade = wanted["fade_samples"]?.number
        else { throw DamagedInput("cut.json") }
        let sound = try WAVFile(job.inputs.reader(output), named: output)
        let start = min(max(0, Int(first)), sound.count)
        let clip = ClipSound(start..<min(sound.count, start + max(0, Int(count))), of: sound, fade: Int(fade))
        let file = try JobFile(output, of: job)
        try clip.writeWAV(gainDecibels: 0) { try file.write($0) }
        return [Path(output): .file(try file.close())]
    }
}
