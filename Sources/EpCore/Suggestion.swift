/// The nearest of some known names, for "did you mean".
public enum Suggestion {
    /// No person's name for anything is longer, in bytes; the time goes with the square.
    private static let longest = 256

    /// The candidate with the smallest edit distance (optimal string alignment, case ignored), if at most
    /// a third of the name is different, and at least one edit is allowed; the first of equals.
    public static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
        let limit = max(1, name.utf8.count / 3)
        guard name.utf8.count <= longest else { return nil }
        let word = Array(name.lowercased().utf8)
        return candidates.filter { $0.utf8.count <= longest }.map { (name: $0, distance: distance(word, Array($0.lowercased().utf8))) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?.name
    }

    /// `did you mean "x"?`, or the known names when none is near.
    public static func remedy(for name: String, in candidates: [String]) -> String {
        if let nearest = nearest(to: name, in: candidates) { return "did you mean \"\(nearest)\"?" }
        return candidates.isEmpty ? "there are none" : "known: \(candidates.joined(separator: ", "))"
    }

    /// As above, where the known names may be very many: then the first and the last of them are told. A name that begins with the one
    /// that was written, and has an ending, is near, and a number is near to no other.
    public static func remedy(for name: String, amongItems items: [String]) -> String {
        let ended = items.filter { $0.utf8.starts(with: "\(name).".utf8) }
        if ended.count == 1 { return "did you mean \"\(ended[0])\"?" }
        guard items.count > 12 else { return remedy(for: name, in: items) }
        let near = Int(name) == nil ? nearest(to: name, in: items) : nil
        return near.map { "did you mean \"\($0)\"?" } ?? "there are \(items.count): \(items[0]) … \(items[items.count - 1])"
    }

    /// How far two names are from each other, case ignored, as `nearest` counts it.
    public static func distance(_ left: String, _ right: String) -> Int {
        distance(Array(left.lowercased().utf8), Array(right.lowercased().utf8))
    }

    /// Edits between two words: insertion, deletion, substitution, and swapping neighbours count 1 each.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                row.append(best)
            }
            beforePrevious = previous
            previous = row
        }
        return previous[right.count]
    }
}
