public import EpCore

/// Music and effects of epbuild's own, computed from a name and a seed: small to keep, free to use, and the same each time.
///
/// Sines are polynomials and noise is counted from the seed, so no library's rounding enters.
public enum Synth {
    /// Every sound there is, with its usual length in seconds.
    static let sounds: [(name: String, seconds: Double, render: @Sendable (inout Canvas, inout Noise) -> Void)] = [
        ("bed", 12, Music.bed), ("intro", 4, Music.intro), ("outro", 5, Music.outro),
        ("whoosh", 0.9, Effects.whoosh), ("ding", 1.6, Effects.ding), ("rocket", 4, Effects.rocket),
        ("pop", 0.15, Effects.pop), ("footsteps", 2.4, Effects.footsteps), ("sparkle", 1.5, Effects.sparkle),
        ("boing", 0.8, Effects.boing), ("wind", 4, Effects.wind),
    ]

    /// The names that ``render(name:seconds:seed:)`` knows: music (`bed`, `intro`, `outro`), then effects.
    public static var names: [String] { sounds.map(\.name) }

    /// In seconds, of any sound.
    public static let lengths = 0.05...120.0

    /// Makes a sound: stereo at 44.1 kHz, music at −16 LUFS, effects with their peak at −3 dBFS.
    /// - Parameters:
    ///   - name: one of ``names``. `bed` is a loop that goes on from its end to its beginning without a seam.
    ///   - seconds: nil for the sound's usual length.
    ///   - seed: another one gives other notes, or another grain of noise.
    /// - Throws: `badInput` for an unknown name, with the nearest one, or an impossible length.
    public static func render(name: String, seconds: Double? = nil, seed: UInt64 = 0) throws(Diagnostic) -> PCM {
        guard let sound = sounds.first(where: { $0.name == name }) else {
            throw Diagnostic(
                .badInput, "there is no sound named \"\(name)\"", remedy: Suggestion.remedy(for: name, in: names))
        }
        let seconds = seconds ?? sound.seconds
        guard lengths.contains(seconds) else {
            throw Diagnostic(
                .badInput, "a sound of \(seconds) s cannot be made",
                remedy: "from \(lengths.lowerBound) to \(lengths.upperBound) s")
        }
        var canvas = Canvas(count: Int((seconds * Double(PCM.timelineRate)).rounded()), isLoop: name == "bed")
        var noise = Noise(seed: seed)
        sound.render(&canvas, &noise)
        return levelled(canvas.sound, isMusic: ["bed", "intro", "outro"].contains(name))
    }

    private static func levelled(_ sound: PCM, isMusic: Bool) -> PCM {
        let room = -3 - Decibels.level(ofAmplitude: Double(sound.peak(in: 0..<sound.count)))
        guard isMusic, let loudness = LoudnessBlocks(of: sound, in: 0..<sound.count).integrated else {
            return sound.amplified(room)
        }
        return sound.amplified(min(room, LineMeasure.targetLoudness - loudness))
    }
}
