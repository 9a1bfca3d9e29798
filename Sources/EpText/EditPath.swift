/// The shortest way from one sequence to another, by Myers' divide and conquer: E. W. Myers, "An O(ND) difference algorithm
/// and its variations", Algorithmica 1 (1986), section 4b. Time O(ND), space O(N).
///
/// A search that has gone `searchLimit` differences deep without meeting its counterpart is cut where it has come furthest:
/// the answer is then right, but not always the shortest, and two unrelated texts of 10,000 lines do not take for ever.
struct EditPath {
    static let searchLimit = 256

    private let old: [Int32]
    private let new: [Int32]
    private var isChecked: (old: [Bool], new: [Bool])
    /// How far each diagonal has been followed, from the top left and from the bottom right; index 0 is diagonal −`middle`.
    private var forward: [Int]
    private var backward: [Int]
    private let middle: Int

    init(from old: [Int32], to new: [Int32]) {
        self.old = old
        self.new = new
        isChecked = (Array(repeating: false, count: old.count), Array(repeating: false, count: new.count))
        middle = max(old.count, new.count) + 1
        forward = Array(repeating: 0, count: 2 * middle + 1)
        backward = forward
        follow()
    }

    /// The lines that are not kept, in runs.
    var changes: [LineDiff.Change] {
        var changes: [LineDiff.Change] = []
        var (x, y) = (0, 0)
        while x < old.count || y < new.count {
            let start = (x, y)
            while x < old.count, !isChecked.old[x] { x += 1 }
            while y < new.count, !isChecked.new[y] { y += 1 }
            if (x, y) != start { changes.append(.init(old: start.0..<x, new: start.1..<y)) }
            while x < old.count, y < new.count, isChecked.old[x], isChecked.new[y] { (x, y) = (x + 1, y + 1) }
        }
        return changes
    }

    /// A part of each sequence, to be matched with each other.
    private struct Box {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// Marks what is kept; the boxes wait on a stack of their own, as they may be many.
    private mutating func follow() {
        var waiting = [Box(old: 0..<old.count, new: 0..<new.count)]
        while let box = waiting.popLast().map({ keepEnds(of: $0) }) {
            if box.old.isEmpty || box.new.isEmpty { continue }
            let (x, y) = split(box)
            waiting.append(Box(old: x..<box.old.upperBound, new: y..<box.new.upperBound))
            waiting.append(Box(old: box.old.lowerBound..<x, new: box.new.lowerBound..<y))
        }
    }

    /// Keeps what both begin and end with.
    /// - Returns: what is left: its first and its last lines differ.
    private mutating func keepEnds(of box: Box) -> Box {
        var (x, y, endX, endY) = (box.old.lowerBound, box.new.lowerBound, box.old.upperBound, box.new.upperBound)
        while x < endX, y < endY, old[x] == new[y] {
            keep(x, y)
            (x, y) = (x + 1, y + 1)
        }
        while x < endX, y < endY, old[endX - 1] == new[endY - 1] {
            (endX, endY) = (endX - 1, endY - 1)
            keep(endX, endY)
        }
        return Box(old: x..<endX, new: y..<endY)
    }

    private mutating func keep(_ x: Int, _ y: Int) {
        isChecked.old[x] = true
        isChecked.new[y] = true
    }

    /// A point that the shortest way goes through, neither the first nor the last of the box, whose first and last lines differ.
    private mutating func split(_ box: Box) -> (x: Int, y: Int) {
        let (width, height) = (box.old.count, box.new.count)
        forward[middle + 1] = 0
        backward[middle + 1] = 0
        for depth in 0...(width + height + 1) / 2 {
            if let (x, y) = advance(depth, box) { return (box.old.lowerBound + x, box.new.lowerBound + y) }
            if let (x, y) = retreat(depth, box) { return (box.old.upperBound - x, box.new.upperBound - y) }
            if depth == Self.searchLimit { return furthest(depth, box) }
        }
        preconditionFailure("two searches that cover the box do meet")
    }

    /// One difference further from the top left.
    /// - Returns: where the search from the other end is met, relative to the box.
    private mutating func advance(_ depth: Int, _ box: Box) -> (x: Int, y: Int)? {
        let (width, height) = (box.old.count, box.new.count)
        let delta = width - height
        for diagonal in Self.diagonals(depth, width, height) {
            var x = Self.entry(forward, middle + diagonal, diagonal, depth)
            while x < width, x - diagonal < height, old[box.old.lowerBound + x] == new[box.new.lowerBound + x - diagonal] { x += 1 }
            forward[middle + diagonal] = x
            let opposite = delta - diagonal
            if delta % 2 != 0, abs(opposite) < depth, x + backward[middle + opposite] >= width { return (x, x - diagonal) }
        }
        return nil
    }

    /// One difference further from the bottom right, where everything is counted backward.
    private mutating func retreat(_ depth: Int, _ box: Box) -> (x: Int, y: Int)? {
        let (width, height) = (box.old.count, box.new.count)
        let (lastX, lastY) = (box.old.upperBound - 1, box.new.upperBound - 1)
        let delta = width - height
        for diagonal in Self.diagonals(depth, width, height) {
            var x = Self.entry(backward, middle + diagonal, diagonal, depth)
            while x < width, x - diagonal < height, old[lastX - x] == new[lastY - x + diagonal] { x += 1 }
            backward[middle + diagonal] = x
            let opposite = delta - diagonal
            if delta % 2 == 0, abs(opposite) <= depth, x + forward[middle + opposite] >= width { return (x, x - diagonal) }
        }
        return nil
    }

    /// The diagonals that can be reached with so many differences without leaving the box.
    private static func diagonals(_ depth: Int, _ width: Int, _ height: Int) -> StrideThrough<Int> {
        stride(from: -depth + 2 * max(0, depth - height), through: depth - 2 * max(0, depth - width), by: 2)
    }

    /// Where a diagonal is entered: by a step down from the one above, or to the right from the one below, whichever is further.
    private static func entry(_ reached: [Int], _ index: Int, _ diagonal: Int, _ depth: Int) -> Int {
        if diagonal == -depth || (diagonal != depth && reached[index - 1] < reached[index + 1]) { return reached[index + 1] }
        return reached[index - 1] + 1
    }

    /// Where the search from the top left has come furthest. Steps that left the box do not count.
    private func furthest(_ depth: Int, _ box: Box) -> (x: Int, y: Int) {
        var best = (x: 0, y: 0)
        for diagonal in Self.diagonals(depth, box.old.count, box.new.count) {
            let x = forward[middle + diagonal]
            guard x <= box.old.count, x - diagonal <= box.new.count else { continue }
            if 2 * x - diagonal > best.x + best.y { best = (x, x - diagonal) }
        }
        return (box.old.lowerBound + best.x, box.new.lowerBound + best.y)
    }
}
