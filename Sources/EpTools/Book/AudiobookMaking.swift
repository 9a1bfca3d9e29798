import EpCore
import EpDelivery
import EpPlan
import EpProviders
import EpSound

/// The built-in steps of an audiobook.
struct AudiobookMaking {
    private let job: Job

    init(_ job: Job) { self.job = job }

    private func value(_ label: String) throws -> Value { try Node(parsing: job.inputs.bytes(label), file: label).value }
    private func text(_ value: Value, _ key: String) -> String { PodcastFacts.text(value[key]) ?? "" }

    // MARK: one chapter

    /// Levels a chapter and encodes it as it goes: it is never in memory.
    func encode() throws -> [Path: JobResult.Content] {
        let setting = try value("reading.json")
        let labels = job.inputs.labels.filter { $0.hasPrefix("lines/") }
        func stream(_ index: Int) throws -> SoundStream { SoundStream(try WAVFile(job.inputs.reader(labels[index]), named: labels[index])) }
        let lines = try labels.indices.map { index in
            let measure = try LineMeasure(of: try stream(index))
            let isMeant = try measure.isSilent && Silence.isPlaceholder(wav: job.inputs.reader(labels[index]))
            guard !measure.isSilent || isMeant else {
                throw StepFailure(
                    Diagnostic(
                        .actionFailed, "line \(index + 1) of a chapter is silent",
                        remedy: "see what the line says; punctuation alone cannot be spoken"))
            }
            return measure
        }
        let sound = ReadingSound(lines: lines, rests: (setting["rests"]?.list ?? []).map { $0.number ?? 0 })
        func sounds() -> MixSounds { MixSounds(count: labels.count, make: stream) }
        let gain = try sound.gainDecibels(from: sounds())
        let file = try JobFile("frames.mp3", of: job)
        let bitrate = MP3.Settings(bitrate: setting["bitrate_kbps"]?.number.map { Int($0) } ?? 192)
        let (summary, level) = try sound.encode(gainDecibels: gain, settings: bitrate, from: sounds()) { try file.write($0) }
        let facts: Value = [
            "samples": .int(Int64(sound.samples)), "bitrate_kbps": .int(Int64(bitrate.bitrate)),
            "rms_db": .double(Self.tenth(level.rmsDecibels)),
            "peak_db": .double(Self.tenth(level.peakDecibels)), "noise_db": .double(Self.tenth(level.noiseDecibels)),
            "mp3": .string(summary.json),
        ]
        return ["frames.mp3": .file(try file.close()), "chapter.json": .bytes(Array(facts.json().utf8))]
    }

    private static func tenth(_ decibels: Double) -> Double { (decibels * 10).rounded() / 10 }

    /// The chapter as a file: tag, header, frames.
    func tag() throws -> [Path: JobResult.Content] {
        let (facts, chapter) = (try value("facts.json"), try value("chapter.json"))
        let samples = chapter["samples"]?.number.map { Int($0) } ?? 0
        let duration = Timestamp(sample: Int64(samples))
        let people = (facts["people"]?.list ?? []).map { person in
            Person(
                name: text(person, "name"), role: .narrator,
                voice: .synthetic(provider: text(person, "provider"), voice: text(person, "voice")))
        }
        let show = ShowFacts([
            "title": facts["title"] ?? "", "author": facts["author"] ?? "", "language": facts["language"] ?? "en",
            "copyright": facts["copyright"] ?? .null,
        ])
        let own = EpisodeFacts(
            title: text(facts, "chapter"), number: facts["number"]?.number.map { Int($0) }, summary: text(facts, "summary"), people: people,
            date: PodcastFacts.text(facts["date"]).flatMap(PublicationDate.init(iso8601:)), duration: duration, guid: "")
        let picture = job.inputs.labels.contains("cover") ? CoverImage(try job.inputs.bytes("cover")) : nil
        let cover = try picture.map { try BookFacts.whole($0, shown: "the cover") }
        let summary = try MP3Summary(json: Array(text(chapter, "mp3").utf8), named: "chapter.json")
        let file = try JobFile("chapter.mp3", of: job)
        try file.write(ID3Tag(show: show, episode: own, chapters: [], cover: cover, genre: "Audiobook").encoded())
        let settings = MP3.Settings(bitrate: chapter["bitrate_kbps"]?.number.map { Int($0) } ?? 192)
        try file.write(MP3Join([summary]).infoFrame(samples: samples, settings: settings))
        try job.inputs.reader("frames.mp3").forEachPiece { try file.write($0) }
        return ["chapter.mp3": .file(try file.close())]
    }

    // MARK: the whole

    /// Puts the chapters' AAC together, and says where each begins. They begin and end in silence, so a cut is not heard.
    func join() throws -> [Path: JobResult.Content] {
        let facts = try value("facts.json")
        let file = try JobFile("book.aac", of: job)
        var lengths: [Int] = []
        for label in job.inputs.labels where label.hasPrefix("chapters/") {
            var counter = ADTSCounter()
            try job.inputs.reader(label).forEachPiece {
                counter.take($0)
                try file.write($0)
            }
            guard counter.isWhole, counter.frames > 0 else {
                throw StepFailure(
                    Diagnostic(
                        .actionFailed, "ffmpeg has made no whole AAC of a chapter",
                        remedy: "run the same command again; if it fails again, see `ffmpeg -version`"))
            }
            lengths.append(counter.frames * ADTSCounter.samplesPerFrame)
        }
        let titles = (facts["chapters"]?.list ?? []).map { text($0, "title") }
        let people = (facts["people"]?.list ?? []).map { "\(text($0, "name")) (\(text($0, "provider")), \(text($0, "voice")))" }
        let disclosure = people.isEmpty ? "" : "Read by a synthetic voice: \(people.joined(separator: ", "))."
        let tags = [
            ("title", text(facts, "title")), ("album", text(facts, "title")), ("artist", text(facts, "author")),
            ("album_artist", text(facts, "author")), ("genre", "Audiobook"),
            ("date", String(text(facts, "date").prefix(4))), ("copyright", text(facts, "copyright")),
            ("comment", [text(facts, "summary"), disclosure].filter { !$0.isEmpty }.joined(separator: " ")),
        ]
        let metadata = FFMetadata(tags: tags, chapters: Array(zip(titles, lengths)), rate: PCM.timelineRate)
        return ["book.aac": .file(try file.close()), "book.ffmeta": .bytes(Array(metadata.text.utf8))]
    }

    /// What was measured of each chapter, for whoever checks it.
    func report() throws -> [Path: JobResult.Content] {
        let facts = try value("facts.json")
        let levels = try job.inputs.labels.filter { $0.hasPrefix("levels/") }.map { try value($0) }
        let chapters = zip(facts["chapters"]?.list ?? [], levels).map { chapter, level -> Value in
            let seconds = (level["samples"]?.number ?? 0) / Double(PCM.timelineRate)
            return .object(
                [
                    .init("title", chapter["title"] ?? ""), .init("file", .string("\(text(chapter, "file")).mp3")),
                    .init("seconds", .double((seconds * 1000).rounded() / 1000)),
                ] + ["rms_db", "peak_db", "noise_db"].compactMap { key in level[key].map { Value.Member(key, $0) } })
        }
        let report: Value = ["title": facts["title"] ?? "", "chapters": .list(chapters), "left_out": facts["left_out"] ?? .list([])]
        return ["audiobook.json": .bytes(Array((report.json(indented: true) + "\n").utf8))]
    }
}
