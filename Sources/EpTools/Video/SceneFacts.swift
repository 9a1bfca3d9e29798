import EpCore
import EpDelivery
import EpPlan

/// What is known of an encoded scene (`scene.json`): how long it is, in which form, and what is said in it.
struct SceneFacts {
    static let name = "scene.json"

    let size: FrameSize
    let rate: FrameRate
    var frames: Int
    /// Nil if it is silent.
    let sound: MediaFacts.Sound?
    let id: String
    let title: String
    let speaker: String
    let text: String
    let minimumSeconds: Double?
    let maximumSeconds: Double?

    init(_ wish: SceneWish, _ setting: VideoSetting, frames: Int, sound: MediaFacts.Sound?) {
        (size, rate, self.frames, self.sound) = (setting.size, setting.rate, frames, sound)
        (id, title, speaker, text) = (wish.text("id", "name"), wish.text("title"), wish.text("speaker"), wish.narration)
        (minimumSeconds, maximumSeconds) = (wish.minimumSeconds, wish.maximumSeconds)
    }

    var value: Value {
        func member(_ key: String, _ text: String) -> [Value.Member] { text.isEmpty ? [] : [.init(key, .string(text))] }
        func member(_ key: String, _ seconds: Double?) -> [Value.Member] { seconds.map { [.init(key, .double($0))] } ?? [] }
        let heard =
            sound.map { sound -> [Value.Member] in
                let heard: Value = [.double(sound.heard.lowerBound), .double(sound.heard.upperBound)]
                return [
                    .init(
                        "sound",
                        [
                            "seconds": .double(sound.seconds), "heard": heard, "gain_db": .double(sound.gainDecibels),
                            "channels": sound.isStereo ? 2 : 1,
                            "silent": .bool(sound.isSilent),
                        ])
                ]
            } ?? []
        return .object(
            member("id", id) + member("title", title) + member("speaker", speaker) + member("text", text) + [
                .init("width", .int(Int64(size.width))), .init("height", .int(Int64(size.height))),
                .init("frames_per_second", .string(rate.name)),
                .init("frames", .int(Int64(frames))), .init("seconds", .double(rate.seconds(of: frames))),
            ] + heard + member("minimum_seconds", minimumSeconds) + member("maximum_seconds", maximumSeconds))
    }

    /// - Returns: nil for what is no such value.
    init?(_ value: Value) {
        guard let width = value["width"]?.number, let height = value["height"]?.number,
            let size = FrameSize("\(Int(width))x\(Int(height))"),
            let rate = value["frames_per_second"]?.string.flatMap(FrameRate.init(named:)), let frames = value["frames"]?.number, frames >= 1
        else { return nil }
        (self.size, self.rate, self.frames) = (size, rate, Int(frames))
        sound = value["sound"].flatMap { sound in
            guard let seconds = sound["seconds"]?.number, let heard = sound["heard"]?.list?.compactMap(\.number), heard.count == 2,
                heard[0] <= heard[1], let gain = sound["gain_db"]?.number
            else { return nil }
            return .init(
                seconds: seconds, heard: heard[0]...heard[1], gainDecibels: gain, isStereo: sound["channels"]?.number == 2,
                isSilent: sound["silent"]?.bool == true, isPlaceholder: false)
        }
        func written(_ key: String) -> String { value[key]?.string ?? "" }
        (id, title, speaker, text, minimumSeconds, maximumSeconds) = (
            written("id"), written("title"), written("speaker"), written("text"), value["minimum_seconds"]?.number,
            value["maximum_seconds"]?.number
        )
    }

    /// As the documents of a film know it.
    /// - Parameter words: `words.json`, if the voice told when its words are heard.
    func scene(words: Value?) -> FilmScene {
        let spans = (words?.list ?? []).compactMap { word -> ClosedRange<Double>? in
            guard let start = word["start"]?.number, let end = word["end"]?.number, start <= end else { return nil }
            return start...end
        }
        return FilmScene(
            id: id, title: title, speaker: speaker.capitalizedWords, text: text, frames: frames,
            soundSeconds: sound.flatMap { $0.isSilent ? nil : $0.seconds }, heard: sound?.heard, words: spans,
            minimumSeconds: minimumSeconds, maximumSeconds: maximumSeconds)
    }
}
