import EpSound

/// Rendering from sounds in memory.
extension MixWindow {
    func render(_ range: Range<Int>, from sources: [PCM]) throws -> PCM { try render(range, from: MixSounds(sources)) }

    func loudness(gainDecibels: Double = 0, from sources: [PCM]) throws -> LoudnessBlocks {
        try loudness(gainDecibels: gainDecibels, from: MixSounds(sources))
    }

    func encode(gainDecibels: Double, settings: MP3.Settings = MP3.Settings(), from sources: [PCM]) throws -> MP3Part {
        try encode(gainDecibels: gainDecibels, settings: settings, from: MixSounds(sources))
    }
}
