/// How fast espeak-ng really speaks: it says that `-s` is words a minute, and more come out.
///
/// Measured with espeak-ng 1.51 on lines of three episodes of dialogue, from the first to the last audible sample of each; the measurement
/// stands in
/// docs/providers.md. Languages differ by how long their words are, and voices by how they drawl.
enum EspeakPace {
    /// `-s`, and the words a minute that come out of `en-gb`.
    private static let measured: [(setting: Double, words: Double)] = [
        (80, 100), (100, 119), (120, 143), (140, 167), (160, 191), (180, 216), (200, 240), (240, 290), (300, 364), (360, 444), (450, 536),
    ]

    /// How many words the others say while `en-gb` says one. The longest name that a voice begins with counts.
    private static let relative: [(voice: String, factor: Double)] = [
        ("en-gb-scotland", 1.055), ("en-us", 0.985), ("es-419", 0.91), ("es", 1.02), ("de", 0.85),
    ]

    /// What `-s` must be for so many words a minute; the nearest that espeak-ng can if it cannot.
    static func setting(forWordsPerMinute rate: Int, voice: String) -> Int {
        let factor = relative.first { voice.lowercased().hasPrefix($0.voice) }?.factor ?? 1
        let words = Double(rate) / factor
        guard let above = measured.firstIndex(where: { $0.words >= words }) else { return Int(measured[measured.count - 1].setting) }
        guard above > 0 else { return Int(measured[0].setting) }
        let (low, high) = (measured[above - 1], measured[above])
        return Int((low.setting + (high.setting - low.setting) * (words - low.words) / (high.words - low.words)).rounded())
    }
}
