import EpCore

/// How long each scene was to be, how long its sound is, and how long it has become.
public struct FilmReport: Sendable {
    private let title: String
    private let timeline: FilmTimeline
    private let leftOut: Int
    private let disclosure: String?

    /// - Parameter leftOut: scenes that a person has left out.
    public init(title: String, timeline: FilmTimeline, leftOut: Int, disclosure: String?) {
        (self.title, self.timeline, self.leftOut, self.disclosure) = (title, timeline, leftOut, disclosure)
    }

    public func json() -> String {
        let scenes = timeline.scenes.indices.map { index -> Value in
            let scene = timeline.scenes[index]
            func seconds(_ key: String, _ value: Double?) -> [Value.Member] { value.map { [.init(key, .double(Self.rounded($0)))] } ?? [] }
            return .object(
                [.init("number", .int(Int64(index + 1)))] + (scene.id.isEmpty ? [] : [.init("id", .string(scene.id))])
                    + (scene.title.isEmpty ? [] : [.init("title", .string(scene.title.singleLine))])
                    + seconds("minimum_seconds", scene.minimumSeconds) + seconds("maximum_seconds", scene.maximumSeconds)
                    + seconds("sound_seconds", scene.soundSeconds)
                    + seconds("start_seconds", timeline.start(of: index)) + seconds("final_seconds", timeline.seconds(of: index))
                    + [.init("frames", .int(Int64(scene.frames)))] + seconds("over_seconds", over(index)))
        }
        let report = Value.object(
            [
                .init("title", .string(title.singleLine)), .init("frames_per_second", .string(timeline.rate.name)),
                .init("duration_seconds", .double(Self.rounded(timeline.seconds))),
            ] + (leftOut > 0 ? [.init("left_out", .int(Int64(leftOut)))] : [])
                + (disclosure.map { [.init("disclosure", .string($0))] } ?? [])
                + [.init("scenes", .list(scenes))])
        return report.json(indented: true) + "\n"
    }

    public func markdown() -> String {
        let head = "# \(Markdown.escape(title.singleLine)): timing"
        let facts = ["\(timeline.scenes.count) scenes, \(Self.shown(timeline.seconds)) s, \(timeline.rate.name) frames a second."]
            + (leftOut > 0 ? ["Left out: \(leftOut)."] : []) + (disclosure.map { [Markdown.escape($0)] } ?? [])
        let rows = timeline.scenes.indices.map { index -> String in
            let scene = timeline.scenes[index]
            let name = [scene.title.singleLine, scene.id].first { !$0.isEmpty } ?? ""
            let planned = "\(scene.minimumSeconds.map(Self.shown) ?? "")–\(scene.maximumSeconds.map(Self.shown) ?? "")"
            let cells = [
                String(index + 1), Markdown.escape(name).replacing("|", with: "\\|"), planned == "–" ? "" : planned,
                scene.soundSeconds.map(Self.shown) ?? "silent", Self.shown(timeline.start(of: index)),
                Self.shown(timeline.seconds(of: index)),
                over(index).map { "\(Self.shown($0)) s too long" } ?? "",
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        let table = ["| scene | | planned, s | sound, s | start, s | final, s | |", "|--:|---|---|--:|--:|--:|---|"] + rows
        return ([head] + facts + [table.joined(separator: "\n")]).joined(separator: "\n\n") + "\n"
    }

    /// By how much a scene is longer than it may be. A scene is whole frames: less than one is not too much.
    private func over(_ index: Int) -> Double? {
        guard let most = timeline.scenes[index].maximumSeconds else { return nil }
        let over = timeline.seconds(of: index) - most
        return over >= timeline.rate.seconds(of: 1) ? over : nil
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    /// `4.38`: hundredths are enough for a reader.
    private static func shown(_ seconds: Double) -> String {
        let hundredths = Int((seconds * 100).rounded())
        return "\(hundredths / 100).\(padded(Int64(hundredths % 100)))"
    }
}
