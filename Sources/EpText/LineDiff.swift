/// What differs between two texts, by lines.
///
/// The changes are as few lines as possible, unless the texts differ so much that this would take long (see `EditPath`).
/// A change that could as well stand further down (one of several blank lines) is put as far down as it goes.
public struct LineDiff: Sendable {
    /// Lines `old` of the old text are replaced by lines `new` of the new one; one of the two may be empty, not both.
    public struct Change: Hashable, Sendable {
        public var old: Range<Int>
        public var new: Range<Int>
    }

    public let old: TextLines
    public let new: TextLines
    /// Ascending, with at least one common line between two of them. Line numbers count from 0.
    public let changes: [Change]

    public init(from old: [UInt8], to new: [UInt8]) { self.init(from: TextLines(old), to: TextLines(new)) }

    public init(from old: TextLines, to new: TextLines) {
        self.old = old
        self.new = new
        var names = LineNames()
        let (oldNames, newNames) = (old.lines.map { names.name($0) }, new.lines.map { names.name($0) })
        changes = EditPath(from: oldNames, to: newNames).changes.lowered(old: oldNames, new: newNames)
    }

    public var isEmpty: Bool { changes.isEmpty }
}

/// A number for each different line, so that lines are compared once and not again.
private struct LineNames {
    private var numbers: [ArraySlice<UInt8>: Int32] = [:]

    mutating func name(_ line: ArraySlice<UInt8>) -> Int32 {
        if let number = numbers[line] { return number }
        let number = Int32(numbers.count)
        numbers[line] = number
        return number
    }
}

extension [LineDiff.Change] {
    /// The same differences with each pure insertion or deletion as far down as it goes. Changes that meet become one.
    fileprivate func lowered(old: [Int32], new: [Int32]) -> [LineDiff.Change] {
        // Built from the end: the last one of `done` is the next one below.
        var done: [LineDiff.Change] = []
        for var change in reversed() {
            var floor = done.last?.old.lowerBound ?? old.count
            while change.slide(old: old, new: new, floor: floor) {
                guard change.old.upperBound == floor, let next = done.popLast() else { continue }
                change = .init(old: change.old.lowerBound..<next.old.upperBound, new: change.new.lowerBound..<next.new.upperBound)
                floor = done.last?.old.lowerBound ?? old.count
            }
            done.append(change)
        }
        return done.reversed()
    }
}

extension LineDiff.Change {
    /// Moves one line down if the line that it gives up is the same as the one that it takes in.
    /// - Parameter floor: the first old line that belongs to the next change.
    /// - Returns: false if it stays where it is.
    fileprivate mutating func slide(old: [Int32], new: [Int32], floor: Int) -> Bool {
        guard self.old.upperBound < floor else { return false }
        let isSame: Bool
        if self.old.isEmpty {
            isSame = new[self.new.lowerBound] == new[self.new.upperBound]
        } else if self.new.isEmpty {
            isSame = old[self.old.lowerBound] == old[self.old.upperBound]
        } else {
            isSame = false
        }
        guard isSame else { return false }
        self.old = self.old.lowerBound + 1..<self.old.upperBound + 1
        self.new = self.new.lowerBound + 1..<self.new.upperBound + 1
        return true
    }
}
