/// How fast lines are spoken, to find those that may have gone wrong: half of a line that is missing is a line in half the time.
///
/// A value: it knows words and times, and has heard nothing.
struct Pace {
    enum Doubt: String {
        case fast = "spoken much faster than the others"
        case slow = "spoken much slower than the others"
    }

    /// Characters a second, of each speaker in the middle.
    private let usual: [String: Double]
    /// Fewer characters say nothing of the pace.
    private static let fewest = 20
    private static let (slow, fast) = (0.55, 1.8)

    /// - Parameter lines: who says how many characters in how many seconds.
    init(_ lines: [(speaker: String, characters: Int, seconds: Double)]) {
        let told = lines.filter { $0.characters >= Self.fewest && $0.seconds > 0 }
        usual = Dictionary(grouping: told, by: \.speaker).compactMapValues { lines in
            let paces = lines.map { Double($0.characters) / $0.seconds }.sorted()
            return paces.count < 3 ? nil : paces[paces.count / 2]
        }
    }

    /// Nil if there is nothing to say against it.
    func doubt(of speaker: String, _ characters: Int, in seconds: Double) -> Doubt? {
        guard characters >= Self.fewest, seconds > 0, let usual = usual[speaker] else { return nil }
        let share = Double(characters) / seconds / usual
        return share > Self.fast ? .fast : share < Self.slow ? .slow : nil
    }
}
