import EpCore
import EpDelivery
import EpPlan
import EpSound

/// Makes the files of one finished episode from its facts and its timeline.
struct EpisodePackage {
    private let facts: Value
    private let show: ShowFacts
    private let episode: EpisodeFacts
    private let chapters: [ChapterMark]
    private let transcript: Transcript
    private let samples: Int
    private let cover: CoverImage?
    private let coverExtension: String?

    init(_ job: Job) throws {
        facts = try Node(parsing: job.inputs.bytes("facts.json"), file: "facts.json").value
        let timeline = try Node(parsing: job.inputs.bytes("timeline.json"), file: "timeline.json").value
        samples = timeline["samples"]?.number.map { Int($0) } ?? 0
        let duration = Timestamp(sample: Int64(samples))
        show = ShowFacts(facts["show"] ?? .object([]))
        episode = EpisodeFacts(facts, show: show, duration: duration)
        chapters = ChapterMark.all(timeline: timeline, duration: duration, title: episode.title)
        transcript = Transcript(timeline: timeline)
        cover = job.inputs.labels.contains("cover") ? CoverImage(try job.inputs.bytes("cover")) : nil
        coverExtension = cover.map { $0.format == .png ? "png" : "jpg" }
    }

    private var name: String { PodcastFacts.text(facts["file"]) ?? "episode" }

    var documents: [Path: JobResult.Content] {
        let files = EpisodePage.Files(audio: "\(name).mp3", cover: coverExtension.map { "\(name).\($0)" }, captions: "\(name).vtt")
        let texts: [Path: String] = [
            "captions.srt": transcript.subRip(), "captions.vtt": transcript.webVTT(note: episode.aiDisclosure),
            "transcript.json": transcript.json(),
            "transcript.html": transcript.html(show: show, episode: episode, chapters: chapters, audio: files.audio),
            "chapters.json": chapters.json(show: show, episode: episode),
            "notes.md": ShowNotes(show: show, episode: episode, chapters: chapters).markdown(),
            "page.html": EpisodePage(show: show, episode: episode, chapters: chapters, transcript: transcript, files: files).html(),
        ]
        return texts.mapValues { .bytes(Array($0.utf8)) }
    }

    /// Writes tag, header and parts one after the other: the file is never in memory, nor is a part.
    /// - Returns: the path of the MP3.
    func writeAudio(_ job: Job) throws -> String {
        let parts = job.inputs.labels.filter { $0.hasPrefix("parts/") }
        let summaries = try parts.filter { $0.hasSuffix(".json") }.map { try MP3Summary(json: job.inputs.bytes($0), named: $0) }
        let file = try JobFile("episode.mp3", of: job)
        try file.write(ID3Tag(show: show, episode: episode, chapters: chapters, cover: cover).encoded())
        let sounds = parts.filter { $0.hasSuffix(".mp3") }
        try file.write(MP3Join(summaries).infoFrame(samples: samples, settings: try settings(of: sounds.first, job)))
        for sound in sounds { try job.inputs.reader(sound).forEachPiece { try file.write($0) } }
        return try file.close()
    }

    /// The header tells the bit rate that the parts were encoded with.
    private func settings(of sound: String?, _ job: Job) throws -> MP3.Settings {
        guard let sound else { return MP3.Settings() }
        let bytes = try job.inputs.reader(sound)
        return MP3.bitrate(of: try bytes.bytes(in: 0..<min(4, bytes.count))).map { MP3.Settings(bitrate: $0) } ?? MP3.Settings()
    }

    /// What the show's feed and the later episodes read of this one.
    func record(_ job: Job) throws -> Value {
        let timeline = chapters.map { mark -> Value in
            ["title": .string(mark.title), "start": .double(mark.start.seconds), "end": .double(mark.end.seconds)]
        }
        let enclosure = try Node(parsing: job.inputs.bytes("enclosure.json"), file: "enclosure.json").value
        let cover = enclosure["cover"].map { [Value.Member("cover", $0)] } ?? []
        return .object([
            .init("number", facts["episode"]?["number"] ?? .null),
            .init("concept", .string(PodcastFacts.text(facts["episode"]?["concept"]) ?? episode.title)),
            .init("file", .string(name)),
            .init("duration_seconds", .double(Double(samples) / Double(PCM.timelineRate))),
            .init("enclosure", .object((enclosure.members ?? []).filter { $0.key != "cover" })),
            .init("chapters", .list(timeline)),
            .init("facts", facts),
        ] + cover)
    }
}
