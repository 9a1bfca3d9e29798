import EpCore

/// Words of a script as a warning may show them: not too many, and without what a terminal obeys.
enum Legible {
    /// Longer words are cut.
    private static let mostCharacters = 60

    static func text(_ words: String, atMost count: Int = mostCharacters) -> String {
        let start = String(words.prefix(count))
        return start.terminalLine + (start.utf8.count == words.utf8.count ? "" : "…")
    }
}
