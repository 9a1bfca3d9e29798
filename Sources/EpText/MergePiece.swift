/// A part of a merged text.
enum MergePiece {
    /// Lines that both sides have.
    case common(ArraySlice<UInt8>)
    /// Lines as only one side has them, taken from it.
    case taken(ArraySlice<UInt8>)
    case conflict(Conflict)

    struct Conflict {
        var ours: [UInt8]
        var base: [UInt8]
        var theirs: [UInt8]
    }
}

extension [MergePiece] {
    /// Common lines between two conflicts that are so few are read more easily within them; so does git.
    private static var joinedWithinLines: Int { 3 }

    /// Conflicts that are near each other made one, with the common lines between them on both sides.
    var joined: [MergePiece] {
        reduce(into: []) { joined, piece in
            joined.append(piece)
            guard joined.count >= 3, case .conflict(let second) = joined[joined.count - 1],
                case .common(let between) = joined[joined.count - 2],
                case .conflict(let first) = joined[joined.count - 3], Self.isJoining(between)
            else { return }
            joined.removeLast(3)
            joined.append(
                .conflict(
                    .init(
                        ours: first.ours + between + second.ours, base: first.base + between + second.base,
                        theirs: first.theirs + between + second.theirs)))
        }
    }

    private static func isJoining(_ lines: ArraySlice<UInt8>) -> Bool {
        lines.count { $0 == .lineFeed } <= joinedWithinLines || !lines.contains { $0.isAlphanumeric }
    }
}

extension UInt8 {
    /// A letter or digit of ASCII.
    fileprivate var isAlphanumeric: Bool { (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) }
}
