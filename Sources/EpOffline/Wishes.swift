/// What of a rejection the writer understands: of what there is to be less. "Less of the kettle" has it leave out remarks about the kettle.
///
/// Facts are none of it: they stand in the sources, whatever anybody wishes.
struct Wishes {
    /// In small letters.
    private let unwanted: Set<String>

    private static let beginnings: Set<String> = ["less", "fewer", "without", "no"]
    private static let fillers: Set<String> = [
        "more", "of", "the", "a", "an", "that", "this", "those", "these", "any", "about", "so", "much", "many", "his", "her", "their",
    ]

    /// - Parameter notes: what was said of answers that were rejected.
    init(_ notes: String) {
        var unwanted: Set<String> = []
        let words = Words.split(notes).map(Words.bare)
        for (index, word) in words.enumerated() {
            let isTooMuch = word == "too" && index + 1 < words.count && ["much", "many"].contains(words[index + 1])
            guard isTooMuch || Self.beginnings.contains(word) else { continue }
            if let meant = words[(index + 1)...].first(where: { !Self.fillers.contains($0) }), meant.utf8.count > 2 {
                unwanted.insert(Self.singular(meant))
            }
        }
        self.unwanted = unwanted
    }

    /// Whether a remark is about something that nobody wants.
    func refuse(_ text: String) -> Bool {
        !unwanted.isEmpty && Words.split(text).contains { unwanted.contains(Self.singular(Words.bare($0))) }
    }

    private static func singular(_ word: String) -> String {
        word.utf8.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : word
    }
}
