import EpCore
import EpDelivery
import EpPlan
import EpProviders
import EpSound

/// The built-in steps of a film.
enum FilmSteps {
    /// - Returns: nil for an operation that is none of a film's.
    static func run(_ operation: String, _ job: Job) throws -> JobResult? {
        let outputs: [Path: JobResult.Content]? = switch operation {
        case "film.level": try level(job)
        case "film.join": try join(job)
        case "film.documents": try FilmDocuments(job).files()
        default: nil
        }
        return outputs.map { JobResult(outputs: $0, servedBy: "epbuild film \(FilmPackage.revision)") }
    }

    private static func level(_ job: Job) throws -> [Path: JobResult.Content] {
        guard let samples = Int(try job.inputs.text("samples")), let channels = Int(try job.inputs.text("channels")),
            let gain = Double(try job.inputs.text("gain_db"))
        else { throw DamagedInput("the length of a scene's sound") }
        let file = try JobFile("sound.pcm", of: job)
        if job.inputs.labels.contains("sound") {
            let stream = try SoundFacts.stream(job.inputs.reader("sound"), named: "sound")
            var scene = SceneSound(stream, gainDecibels: gain, channels: channels)
            try scene.settle()
            try scene.write(samples: samples) { try file.write($0) }
        } else {
            try SceneSound.silence(samples, channels: channels) { try file.write($0) }
        }
        return ["sound.pcm": .file(try file.close())]
    }

    private static func join(_ job: Job) throws -> [Path: JobResult.Content] {
        try checkScenes(job)
        let counts = try lines("sound_frames", job)
        let labels = job.inputs.labels.filter { $0.hasPrefix("sounds/") }
        guard labels.count == counts.count else { throw DamagedInput("the sounds of a film") }
        let file = try JobFile("sound.aac", of: job)
        for (label, count) in zip(labels, counts) {
            let bytes = try job.inputs.bytes(label)
            let frames = try ADTSFrames.ranges(in: bytes, named: label)
            guard count > 0, frames.count >= count else {
                throw StepFailure(Diagnostic(.actionFailed, "\(label) has \(frames.count) frames of sound, and \(count) are needed"))
            }
            try file.write(Array(bytes[..<frames[count - 1].upperBound]))
        }
        return ["sound.aac": .file(try file.close()), "list.txt": .bytes(try job.inputs.bytes("list.txt"))]
    }

    /// Scenes can be joined only if they are to be decoded in one way, and are as long as the plan has them.
    private static func checkScenes(_ job: Job) throws {
        let counts = try lines("frames", job)
        var first: MP4Video?
        for (index, label) in job.inputs.labels.filter({ $0.hasPrefix("scenes/") }).enumerated() {
            let video = try MP4Video(job.inputs.reader(label), named: label)
            guard index < counts.count, video.frames == counts[index] else {
                throw StepFailure(
                    Diagnostic(
                        .actionFailed,
                        "scene \(index + 1) has \(video.frames) frames and was to have \(index < counts.count ? counts[index] : 0)",
                        remedy: "see whether its picture is a whole video; then have it encoded anew (`epbuild clean`)"))
            }
            if let first, first.configuration != video.configuration {
                throw StepFailure(Diagnostic(
                    .actionFailed, "scene \(index + 1) is encoded in another way than the first, so they cannot be joined",
                    remedy: "have all scenes encoded anew by one ffmpeg: `epbuild clean` and the stage that makes them"))
            }
            first = first ?? video
        }
    }

    private static func lines(_ label: String, _ job: Job) throws -> [Int] {
        try job.inputs.text(label).split(separator: "\n").compactMap { Int($0) }
    }
}

/// Makes the documents of a film from its facts and its scenes.
struct FilmDocuments {
    private let facts: Value
    private let show: ShowFacts
    private let episode: EpisodeFacts
    private let timeline: FilmTimeline
    private let chapters: [ChapterMark]
    private let leftOut: Int
    private let hasCaptions: Bool
    private let size: FrameSize

    init(_ job: Job) throws {
        facts = try Node(parsing: job.inputs.bytes("facts.json"), file: "facts.json").value
        let film = try Node(parsing: job.inputs.bytes("film.json"), file: "film.json").value
        let scenes = (film["scenes"]?.list ?? []).compactMap { SceneFacts($0) }
        guard let first = scenes.first else { throw DamagedInput("film.json") }
        size = first.size
        timeline = FilmTimeline(rate: first.rate, scenes: try scenes.enumerated().map { index, scene in
            let label = "words/\(MixTool.number(index + 1)).json"
            return scene.scene(words: job.inputs.labels.contains(label) ? Value(json: try job.inputs.bytes(label)) : nil)
        })
        show = ShowFacts(facts["show"] ?? .object([]))
        var episode = EpisodeFacts(facts, show: show, duration: Timestamp(seconds: timeline.seconds))
        episode.language = PodcastFacts.text(facts["episode"]?["language"])
        self.episode = episode
        chapters = timeline.chapters(title: episode.title)
        leftOut = film["left_out"]?.number.map { Int($0) } ?? 0
        hasCaptions = film["has_captions"]?.bool == true
    }

    func files() -> [Path: JobResult.Content] {
        let report = FilmReport(title: episode.title, timeline: timeline, leftOut: leftOut, disclosure: episode.aiDisclosure)
        var texts: [Path: String] = [
            "film.ffmeta": FilmMetadata(show: show, episode: episode, chapters: chapters).text(),
            "chapters.json": chapters.json(show: show, episode: episode),
            "notes.md": ShowNotes(show: show, episode: episode, chapters: chapters).markdown(),
            "timing.json": report.json(), "timing.md": report.markdown(), "episode.json": record.json(indented: true) + "\n",
        ]
        if hasCaptions {
            let transcript = timeline.transcript
            texts["captions.srt"] = transcript.subRip()
            texts["captions.vtt"] = transcript.webVTT(note: episode.aiDisclosure)
        }
        return texts.mapValues { .bytes(Array($0.utf8)) }
    }

    private var record: Value {
        let marks = chapters.map { mark -> Value in
            ["title": .string(mark.title), "start": .double(mark.start.seconds), "end": .double(mark.end.seconds)]
        }
        return .object(
            [
                .init("file", .string("\(PodcastFacts.text(facts["file"]) ?? "film").mp4")),
                .init("duration_seconds", .double(timeline.seconds)),
                .init("width", .int(Int64(size.width))), .init("height", .int(Int64(size.height))),
                .init("frames_per_second", .string(timeline.rate.name)),
                .init("scenes", .int(Int64(timeline.scenes.count))),
            ] + (leftOut > 0 ? [.init("left_out", .int(Int64(leftOut)))] : [])
                + (episode.aiDisclosure.map { [.init("disclosure", .string($0))] } ?? [])
                + [.init("chapters", .list(marks)), .init("facts", facts)])
    }
}
