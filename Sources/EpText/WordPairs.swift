/// Which words of two texts are the same, in order: what was said and what was heard of it.
///
/// The pairs are as many as possible, unless the texts differ so much that this would take long (see `EditPath`).
public struct WordPairs: Sendable {
    /// Indices into the one and the other; both ascend.
    public let pairs: [(old: Int, new: Int)]

    public init(between old: [String], and new: [String]) {
        var numbers: [String: Int32] = [:]
        func number(_ word: String) -> Int32 {
            let next = Int32(numbers.count)
            return numbers[word] ?? {
                numbers[word] = next
                return next
            }()
        }
        let (first, second) = (old.map(number), new.map(number))
        let changes = EditPath(from: first, to: second).changes
        var pairs: [(old: Int, new: Int)] = []
        var (x, y) = (0, 0)
        for change in changes + [LineDiff.Change(old: old.count..<old.count, new: new.count..<new.count)] {
            while x < change.old.lowerBound, y < change.new.lowerBound {
                pairs.append((x, y))
                (x, y) = (x + 1, y + 1)
            }
            (x, y) = (change.old.upperBound, change.new.upperBound)
        }
        self.pairs = pairs
    }
}
