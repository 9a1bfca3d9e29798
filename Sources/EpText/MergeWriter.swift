/// Collects the pieces of a merged text, region by region, and writes them.
struct MergeWriter {
    private let base: TextLines
    private let ours: TextLines
    private let theirs: TextLines
    private let style: ThreeWayMerge.Style
    private var pieces: [MergePiece] = []
    private var nextBaseLine = 0

    init(base: TextLines, ours: TextLines, theirs: TextLines, style: ThreeWayMerge.Style) {
        (self.base, self.ours, self.theirs, self.style) = (base, ours, theirs, style)
    }

    mutating func add(_ region: MergeRegion) {
        addCommon(base[nextBaseLine..<region.base.lowerBound])
        nextBaseLine = region.base.upperBound
        let (our, their, old) = (ours[region.ours], theirs[region.theirs], base[region.base])
        if our == their {
            addCommon(our)
        } else if their == old {
            pieces.append(.taken(our))
        } else if our == old {
            pieces.append(.taken(their))
        } else {
            addConflict(our, their, old)
        }
    }

    /// What stands next to each other is one piece, so that it is counted as one.
    private mutating func addCommon(_ lines: ArraySlice<UInt8>) {
        guard !lines.isEmpty else { return }
        if case .common(let before)? = pieces.last {
            pieces[pieces.count - 1] = .common(before + lines)
        } else {
            pieces.append(.common(lines))
        }
    }

    /// Takes the lines that both sides have out of the conflict, unless the base is to be shown: it would fall to pieces.
    private mutating func addConflict(_ our: ArraySlice<UInt8>, _ their: ArraySlice<UInt8>, _ old: ArraySlice<UInt8>) {
        guard style == .merge, !our.isEmpty, !their.isEmpty else {
            return pieces.append(.conflict(.init(ours: Array(our), base: Array(old), theirs: Array(their))))
        }
        let diff = LineDiff(from: Array(our), to: Array(their))
        var next = 0
        for change in diff.changes {
            addCommon(diff.old[next..<change.old.lowerBound])
            next = change.old.upperBound
            pieces.append(.conflict(.init(ours: Array(diff.old[change.old]), base: [], theirs: Array(diff.new[change.new]))))
        }
        addCommon(diff.old[next..<diff.old.count])
    }

    /// The merged text, and how many conflicts are marked in it.
    consuming func finish(names: ThreeWayMerge.Names) -> (bytes: [UInt8], conflicts: Int) {
        addCommon(base[nextBaseLine..<base.count])
        var bytes: [UInt8] = []
        var conflicts = 0
        for piece in style == .merge ? pieces.joined : pieces {
            switch piece {
            case .common(let lines), .taken(let lines): bytes += lines
            case .conflict(let conflict):
                conflicts += 1
                bytes += marked(conflict, names)
            }
        }
        return (bytes, conflicts)
    }

    private func marked(_ conflict: MergePiece.Conflict, _ names: ThreeWayMerge.Names) -> [UInt8] {
        var bytes = mark("<<<<<<<", names.ours) + whole(conflict.ours)
        if style == .diff3 { bytes += mark("|||||||", names.base) + whole(conflict.base) }
        return bytes + mark("=======", "") + whole(conflict.theirs) + mark(">>>>>>>", names.theirs)
    }

    /// A mark must begin a line: the last line of a text is given the line end that it may lack.
    private func whole(_ lines: [UInt8]) -> [UInt8] {
        lines.isEmpty || lines.last == .lineFeed ? lines : lines + lineEnd
    }

    private func mark(_ sign: String, _ name: String) -> [UInt8] {
        Array((name.isEmpty ? sign : "\(sign) \(name)").utf8) + lineEnd
    }

    /// As the first line ends, of ours if it has any. (Git writes `\n` if the last line of a text has no end.)
    private var lineEnd: [UInt8] {
        let first = ours.lines.first ?? theirs.lines.first
        return first?.hasWindowsLineEnd == true ? [.carriageReturn, .lineFeed] : [.lineFeed]
    }
}
