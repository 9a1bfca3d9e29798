import EpCore
import EpDelivery
import EpPlan
import EpSound

/// The steps of one clip.
struct ClipWork {
    let tool: ToolName
    let setting: ClipSetting
    let recording: RecordingInput
    let title: String
    /// As the person has written them.
    let bounds: ClipBounds
    /// What is said in the recording; nil if nobody has transcribed it.
    let record: SpokenRecord?
    let versions: (ffmpeg: String, ffprobe: String)

    /// - Returns: the files of the clip; nil until the length of the recording is known.
    /// - Throws: `Diagnostic` at the clip if it does not lie within the recording.
    func add(to stage: StageContext, for element: Element) throws -> [ArtifactRef]? {
        let about = stage.add(
            "about", operation: .program(arguments: RecordingFacts.probing, environment: [:]), inputs: [recording.input],
            outputs: [RecordingFacts.output],
            platform: ["ffprobe": versions.ffprobe], reasons: [recording.reason])
        guard let json = try stage.bytes(of: ArtifactRef(name: RecordingFacts.output, source: .output(about, path: RecordingFacts.output)))
        else { return nil }
        let facts = RecordingFacts(json)
        let sound = facts.hasSound ? decoded(in: stage) : nil
        var length = facts.seconds
        if let sound {
            guard let size = stage.digest(of: sound)?.size else { return nil }
            length = max(length, Double(size - 44) / 4 / Double(PCM.timelineRate))
        }
        let cut = try bounds.within(length, element, named: title, of: recording.shown)
        return try files(of: cut, facts, sound, in: stage)
    }

    /// All sound of the recording, which every clip of it reads: cut out of MP3 it would be some milliseconds off.
    private func decoded(in stage: StageContext) -> ArtifactSource {
        let arguments = RecordingInput.quietly + RecordingInput.opened
            + ["-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "2", "-ar", String(PCM.timelineRate), "-c:a", "pcm_s16le"]
            + RecordingInput.plainly + ["-f", "wav", "-rf64", "auto", "sound.wav"]
        let step = stage.add(
            "sound", operation: .program(arguments: arguments, environment: [:]), inputs: [recording.input], outputs: ["sound.wav"],
            platform: ["ffmpeg": versions.ffmpeg], reasons: [recording.reason])
        return .output(step, path: "sound.wav")
    }

    private func files(
        of cut: ClipBounds, _ facts: RecordingFacts, _ sound: ArtifactSource?, in stage: StageContext
    ) throws -> [ArtifactRef] {
        let voice = sound.map { self.sound(of: cut, from: $0, in: stage) }
        let frames = max(1, Int((cut.seconds * Double(setting.frameRate)).rounded()))
        let isSeen = facts.hasPicture && setting.formats.contains { !$0.isSound }
        let picture = isSeen ? self.picture(of: cut, frames: frames, hasIndex: facts.hasKeyFrameIndex, in: stage) : nil
        let said = record?.transcript(from: cut.start, to: cut.end) ?? .empty
        let name = FileName.slug(title, atMost: 60) ?? "clip"
        let media = try setting.formats.map { format -> ArtifactRef in
            let made =
                try format.isSound
                ? tagged(format, voice, in: stage)
                : film(format, picture, voice, facts, said, frames: frames, seconds: cut.seconds, in: stage)
            return ArtifactRef(name: "\(name)-\(format.rawValue).\(format.fileExtension)", source: made)
        }
        guard setting.captions == .soft else { return media }
        return media
            + [("srt", said.subRip()), ("vtt", said.webVTT())].map { ArtifactRef(name: "\(name).\($0)", source: .literal(Array($1.utf8))) }
    }

    /// The sound of the clip, levelled and faded.
    private func sound(of cut: ClipBounds, from sound: ArtifactSource, in stage: StageContext) -> ArtifactSource {
        let first = Int((cut.start * Double(PCM.timelineRate)).rounded())
        let wanted = Value.object([
            .init("first_sample", .int(Int64(first))), .init("samples", .int(Int64((cut.seconds * Double(PCM.timelineRate)).rounded()))),
            .init("fade_samples", .int(Int64((setting.fadeSeconds * Double(PCM.timelineRate)).rounded()))),
            .init("loudness_lufs", .double(setting.loudness)),
        ])
        let step = stage.add(
            "cut sound", operation: .builtIn(tool: tool, operation: "sound", revision: ClipTool.revision),
            inputs: [Step.Input("clip.json", text: wanted.json()), Step.Input("sound.wav", sound)], outputs: ["clip.wav"])
        return .output(step, path: "clip.wav")
    }

    private func picture(of cut: ClipBounds, frames: Int, hasIndex: Bool, in stage: StageContext) -> ArtifactSource {
        let arguments = ClipPicture.cutting(start: cut.start, frames: frames, frameRate: setting.frameRate, hasIndex: hasIndex)
        let step = stage.add(
            "cut picture", operation: .program(arguments: arguments, environment: [:]), inputs: [recording.input], outputs: ["picture.mkv"],
            platform: ["ffmpeg": versions.ffmpeg], reasons: [recording.reason])
        return .output(step, path: "picture.mkv")
    }

    private static let quietly = ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-y"]
    private var titleTag: [String] { ["-metadata", "title=\(title)"] }

    /// A sound with its title.
    private func tagged(_ format: ClipSetting.Format, _ voice: ArtifactSource?, in stage: StageContext) throws -> ArtifactSource {
        guard let voice else { throw silent(format) }
        let codec = format == .mp3 ? ["-c:a", "libmp3lame", "-id3v2_version", "3"] : ["-c:a", "aac", "-movflags", "+faststart"]
        let output = "clip.\(format.fileExtension)"
        let arguments = Self.quietly + ["-i", "file:clip.wav", "-b:a", "160k"] + codec + RecordingInput.plainly + titleTag + [output]
        let step = stage.add(
            format.rawValue, operation: .program(arguments: arguments, environment: [:]),
            inputs: [Step.Input("clip.wav", voice)], outputs: [output], platform: ["ffmpeg": versions.ffmpeg])
        return .output(step, path: output)
    }

    /// A film in one of the shapes.
    private func film(
        _ format: ClipSetting.Format, _ picture: ArtifactSource?, _ voice: ArtifactSource?, _ facts: RecordingFacts, _ said: Transcript,
        frames: Int, seconds: Double,
        in stage: StageContext
    ) throws -> ArtifactSource {
        let size = setting.size(of: format)
        let design = ClipPicture(
            width: size.width, height: size.height, frameRate: setting.frameRate, frames: frames,
            fadeFrames: min(frames / 2, Int((setting.fadeSeconds * Double(setting.frameRate)).rounded())))
        let captions = BurntCaptions(
            width: size.width, height: size.height, title: picture == nil ? title : "",
            transcript: setting.captions == .burnt ? said : .empty, end: Timestamp(seconds: seconds))
        let hasText = !captions.title.isEmpty || !captions.transcript.segments.isEmpty
        let isSoft = setting.captions == .soft && !said.segments.isEmpty
        let palette = CoverDesign.Palette([], showTitle: PodcastFacts.text(stage.blueprint["title"]) ?? "")
        let ground = picture == nil ? design.waves(palette) : design.framing(setting.fit, colours: facts.colours)
        var inputs: [Step.Input] = []
        if let picture { inputs.append(Step.Input("picture.mkv", picture)) }
        if let voice { inputs.append(Step.Input("clip.wav", voice)) } else if picture == nil { throw silent(format) }
        if isSoft { inputs.append(Step.Input("captions.srt", text: said.subRip())) }
        let read = inputs.flatMap { ["-i", "file:\($0.label)"] }
        if hasText { inputs.append(Step.Input("captions.ass", text: captions.text())) }
        let sound = voice == nil ? [] : ["-map", "\(picture == nil ? 0 : 1):a", "-c:a", "aac", "-b:a", "160k"]
        let track = isSoft ? ["-map", "\(inputs.firstIndex { $0.label == "captions.srt" } ?? 0):s", "-c:s", "mov_text"] + language : []
        let arguments = Self.quietly + read + ["-filter_complex", design.finished(ground, hasText: hasText), "-map", "[v]"] + sound + track
            + design.encoding() + RecordingInput.plainly + titleTag + ["-movflags", "+faststart", "clip.mp4"]
        let step = stage.add(
            format.rawValue, operation: .program(arguments: arguments, environment: [:]), inputs: inputs, outputs: ["clip.mp4"],
            platform: ["ffmpeg": versions.ffmpeg])
        return .output(step, path: "clip.mp4")
    }

    /// Of the captions' track, as MP4 has it.
    private var language: [String] {
        guard let record, let language = record.language else { return [] }
        return ["-metadata:s:s:0", "language=\(ISO639(tag: language).code)"]
    }

    private func silent(_ format: ClipSetting.Format) -> Diagnostic {
        Diagnostic(
            .badInput, "\(recording.shown) has neither sound nor pictures for a clip as \(format.rawValue)",
            at: SourceLocation(file: recording.shown),
            remedy: "take \(format.rawValue) out of `formats`, or give a recording with sound")
    }
}
