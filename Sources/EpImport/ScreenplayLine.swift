/// Lines that screenplays set apart by their words alone.
enum ScreenplayLine {
    private static let places = ["int.", "ext.", "int ", "ext ", "int/ext", "int./ext", "i/e", "est."]
    private static let parts: Set<String> = [
        "chapter", "part", "act", "segment", "section", "kapitel", "teil", "chapitre", "capítulo", "hoofdstuk", "akt",
    ]
    private static let numbers: Set<String> = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eins", "zwei", "drei",
    ]

    /// `INT. WORKSHOP - DAY`
    static func isSceneHeading(_ line: some StringProtocol) -> Bool {
        let words = line.lowercased()
        return places.contains { words.hasPrefix($0) && words.count > $0.count }
    }

    /// `CUT TO:`
    static func isTransition(_ line: some StringProtocol) -> Bool {
        let words = line.trimmed
        return words.hasSuffix("TO:") && words.count < 40 && !words.contains(where: \.isLowercase)
    }

    /// `Chapter 3: The Moon`, `PART ONE`
    static func isPart(_ line: some StringProtocol) -> Bool {
        let words = line.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard words.count > 1, line.count <= 80, parts.contains(words[0]), line.trimmed.last != "." else { return false }
        return words[1].allSatisfy(\.isNumber) || numbers.contains(words[1]) || words[1].allSatisfy { "ivxlc".contains($0) }
    }
}
