/// Finds names that are one slip of the hand apart, without comparing every pair.
///
/// Two names are one slip apart if they become equal by leaving out one letter of each, or two neighbours have changed places: so
/// every name is kept under what is left of it without each of its letters, and a name's own remains find it.
struct NearName {
    /// Longer names are no names. The work for one name is bounded by the square of this.
    static let mostLetters = 40

    /// So many names are kept under one remains: of thousands that differ in a number, none is meant.
    private static let mostAlike = 8

    private var byRemains: [String: [String]] = [:]
    /// How many remains were looked at: the measure of the work.
    private(set) var lookups = 0

    /// - Parameter names: what may be meant.
    init(_ names: some Sequence<String>) {
        for name in names {
            for remains in Self.remains(of: name) where byRemains[remains]?.count ?? 0 < Self.mostAlike {
                byRemains[remains, default: []].append(name)
            }
        }
    }

    /// The first of the names that is one slip apart from a name, and not equal to it in other letters.
    mutating func nearest(to name: String, where isMeant: (String) -> Bool) -> String? {
        let word = Array(name.lowercased().unicodeScalars)
        for remains in Self.remains(of: name) {
            lookups += 1
            for candidate in byRemains[remains] ?? [] {
                lookups += 1
                let other = Array(candidate.lowercased().unicodeScalars)
                if other != word, Self.isOneSlip(word, other), isMeant(candidate) { return candidate }
            }
        }
        return nil
    }

    /// Nobody mistakes a short name for another: `ANNA` and `HANNA` are two people. A slip is two neighbours that have changed places, a
    /// letter twice or once that
    /// is doubled in the other, or one letter within a word of six or more, but not its first or its last.
    static func isOneSlip(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Bool {
        let start = zip(left, right).prefix { $0 == $1 }.count
        let end = zip(left.dropFirst(start).reversed(), right.dropFirst(start).reversed()).prefix { $0 == $1 }.count
        let (ours, theirs) = (left[start..<left.count - end], right[start..<right.count - end])
        let length = min(left.count, right.count)
        guard !(ours + theirs).contains(where: { $0.properties.numericType != nil || $0 == "#" }) else { return false }
        switch (ours.count, theirs.count) {
        case (2, 2): return length >= 4 && ours.first == theirs.last && ours.last == theirs.first
        case (1, 1): return length >= 6 && start > 0 && end > 0
        case (1, 0), (0, 1):
            let long = ours.isEmpty ? right : left
            let isDoubled = long[start] == (start > 0 ? long[start - 1] : " ") || (start + 1 < long.count && long[start] == long[start + 1])
            return isDoubled ? length >= 4 : length >= 5 && start > 0 && end > 0
        default: return false
        }
    }

    /// The name, and the name without each of its letters.
    private static func remains(of name: String) -> [String] {
        let word = Array(name.lowercased().unicodeScalars)
        guard word.count <= mostLetters else { return [] }
        var remains = Set([String(String.UnicodeScalarView(word))])
        for index in word.indices {
            var rest = word
            rest.remove(at: index)
            remains.insert(String(String.UnicodeScalarView(rest)))
        }
        return remains.sorted()
    }
}
