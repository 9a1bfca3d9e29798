import Testing

/// Each show of `Episodes/`, cut down to what a test has time for: short texts and small pictures, and every stage.
enum TinyShow: String, CaseIterable, CustomTestStringConvertible {
    case letters, podcast, newsroom, novel, video, documentary

    var testDescription: String { rawValue }

    var episode: String {
        switch self {
        case .letters: Machine.letters
        case .podcast: Machine.moon
        case .newsroom: "newsroom/ep001-bees-on-the-roof"
        case .novel: Machine.novel
        case .video: "explainers/ep001-how-a-tide-works"
        case .documentary: "documentary/ep001-a-light-that-reaches"
        }
    }

    /// What builds have written into the episode, which no fresh clone needs.
    private var made: [String] {
        switch self {
        case .letters, .podcast: []
        case .newsroom: ["out", "episode.lock", "clips.yaml", "editorial.yaml"]
        case .novel:
            ["out", "episode.lock", "plan.yaml", "characters.yaml", "locations.yaml", "chapters.yaml", "prose_writing"]
        case .video: ["out", "episode.lock", "input_adaptation", "script_generation"]
        // Its approvals stand in the lock.
        case .documentary: ["out", "outline.yaml", "script.yaml", "storyboard.json", "asset_plan.json"]
        }
    }

    /// A fresh clone of the show, and no other.
    func machine() throws -> Machine {
        let machine = try Machine()
        for name in made { machine.remove("\(episode)/\(name)") }
        switch self {
        case .letters, .podcast: break
        case .newsroom:
            try machine.edit("\(episode)/interview.fountain") { $0.shortened(toLines: 17) }
            try machine.edit("newsroom/pipeline.yaml") {
                $0.replacing("captions: burnt", with: "captions: burnt\n    short_side_pixels: 120").replacing(
                    "[square, vertical, mp3]", with: "[square, mp3]")
            }
        case .novel:
            for notes in machine.files(below: "\(machine.workspace)/\(episode)/notes").dropFirst(2) {
                machine.remove("\(episode)/notes/\(notes)")
            }
        case .video:
            try machine.edit("explainers/show.yaml") {
                $0.replacing("languages: [en, de, es]", with: "languages: [en]").replacing("looks: [light, dark]", with: "looks: [dark]")
            }
            try machine.edit("explainers/pipeline.yaml") { $0.replacing("size: 1280x720", with: "size: 320x180") }
        case .documentary:
            // What YouTube would refuse asks a person.
            try machine.edit("documentary/pipeline.yaml") {
                $0.replacing("1280x720", with: "320x180").replacing(" for: [youtube],", with: "")
            }
        }
        return machine
    }
}
