/// Chapters are the highest headings of a source; a single one above them all is its title.
enum Headings {
    /// - Returns: the title, if a heading is it.
    static func arranged(_ pieces: [Placed]) -> (pieces: [Placed], title: String?) {
        let levels = pieces.compactMap { placed -> Int? in
            guard case .section(let level, _) = placed.piece else { return nil }
            return level
        }
        guard let top = levels.min() else { return (pieces, nil) }
        let title = pieces.firstIndex { if case .section = $0.piece { true } else { false } }
        let isAlone =
            levels.count { $0 == top } == 1 && levels.count > 1 && levels.first == top && title.map { isEmpty($0, pieces) } == true
        let first = isAlone ? levels.filter { $0 > top }.min() ?? top : top
        var found: String?
        let arranged = pieces.compactMap { placed -> Placed? in
            guard case .section(let level, let text) = placed.piece else { return placed }
            // What is above the chapters is no chapter: it has no words of its own.
            if isAlone, level == top {
                found = text
                return nil
            }
            return Placed(piece: .section(level: max(1, level - first + 1), text), place: placed.place)
        }
        return (arranged, found)
    }

    /// Whether nothing is said before the next heading.
    private static func isEmpty(_ index: Int, _ pieces: [Placed]) -> Bool {
        for placed in pieces[(index + 1)...] {
            switch placed.piece {
            case .section: return true
            case .speech: return false
            default: continue
            }
        }
        return true
    }
}
