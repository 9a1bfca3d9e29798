import EpCore
import EpPlan
import EpProviders
import EpScript
import EpSound
import FoundationEssentials
import Synchronization

/// What people are told of a mix: lines and seconds, where its steps read samples and numbered files.
extension MixSources {
    /// All that the words for some parts are made of.
    func keys(of parts: [MixWindow.Part]) -> [KnownParts.Key] {
        let titles = files.indices.map(title)
        return parts.map { part in KnownParts.Key(window: part.window, titles: part.sources.map { titles[$0] }) }
    }

    /// What a part is made of, and when each of it is heard. Their texts begin with words, so that nobody takes them for JSON.
    static func reasons(for part: KnownParts.Key) -> [Step.Reason] {
        [
            Step.Reason("heard", told(part.window, part.titles).joined(separator: "\n"), of: "window.json"),
            Step.Reason("sounds", part.titles.map { "with \($0)" }.joined(separator: "\n"), of: "sources/"),
        ]
    }

    private static func told(_ window: MixWindow, _ titles: [String]) -> [String] {
        var end = 0
        let sounds = window.placements.sorted { $0.offset < $1.offset }.map { placement in
            defer { end = placement.range.upperBound }
            return "after \(seconds(placement.offset - end)) s \(titles[placement.source]), \(seconds(placement.length)) s long"
        }
        let beds = window.beds.map { bed in
            let levels = (bed.fades.points + bed.ducking.points).map { "\(Int($0.decibels.rounded())) dB at \(seconds($0.sample)) s" }
            return "under it \(titles[bed.source])\(levels.isEmpty ? "" : ": \(levels.joined(separator: ", "))")"
        }
        return sounds + beds + ["in all \(seconds(window.length)) s"]
    }

    private static func seconds(_ samples: Int) -> Double { (Double(samples) / Double(PCM.timelineRate) * 100).rounded() / 100 }

    /// `OLIVER: "Come in, Pip!"`, or the name of a sound or of a recording.
    private func title(of file: Int) -> String {
        guard script.lines.indices.contains(file) else { return files[file].name }
        let line = script.lines[file]
        return "\(line.speaker): \"\(line.text.count > 40 ? "\(line.text.prefix(39))…" : line.text)\""
    }
}

extension PackageSources {
    /// The timeline that was told last: three steps of a package have it, and a plan comes to them several times.
    private static let told = Mutex<(timeline: [UInt8], reasons: [Step.Reason])>(([], []))

    /// Who says what when.
    func reasons(_ stage: StageContext) throws -> [Step.Reason] {
        guard let text = try stage.bytes(of: timeline) else { return [] }
        return Self.told.withLock { told in
            if told.timeline != text {
                told = (text, (try? JSONDecoder().decode(ToldTimeline.self, from: Data(text))).map(Self.reasons) ?? [])
            }
            return told.reasons
        }
    }

    /// Takes in a timeline that has just been made: then nobody has to read its text.
    static func note(_ timeline: Value, as text: [UInt8]) {
        told.withLock { told in if told.timeline != text { told = (text, reasons(ToldTimeline(timeline))) } }
    }

    private static func reasons(_ told: ToldTimeline) -> [Step.Reason] {
        let lines = told.lines.map { "at \(text($0.start))–\(text($0.end)) s \($0.speaker): \($0.text)" }
        let chapters = told.chapters.map { "chapter at \(text($0.start)) s: \($0.title)" }
        return [Step.Reason("said", (lines + chapters).joined(separator: "\n"), of: "timeline.json")]
    }

    private static func text(_ seconds: Double) -> String {
        (Int64(exactly: seconds).map { .int($0) } ?? Value.double(seconds)).json()
    }
}

/// What people are told of a timeline. Every plan reads it, and a value without a form takes ten times as long to be read.
private struct ToldTimeline: Decodable {
    struct Line: Decodable {
        let start: Double
        let end: Double
        let speaker: String
        let text: String
    }

    struct Chapter: Decodable {
        let start: Double
        let title: String
    }

    let lines: [Line]
    let chapters: [Chapter]
}

extension ToldTimeline {
    init(_ timeline: Value) {
        lines = (timeline["lines"]?.list ?? []).map { line in
            Line(
                start: line["start"]?.number ?? 0, end: line["end"]?.number ?? 0, speaker: line["speaker"]?.string ?? "",
                text: line["text"]?.string ?? "")
        }
        chapters = (timeline["chapters"]?.list ?? []).map { Chapter(start: $0["start"]?.number ?? 0, title: $0["title"]?.string ?? "") }
    }
}
