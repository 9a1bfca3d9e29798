/// Two texts that come from the same one, made into one that has the changes of both.
///
/// What one side changed is taken from it; what both changed alike is taken once. Where both changed the same place, or places
/// that touch each other, in different ways, both versions stand between marks as git writes them.
public struct ThreeWayMerge: Sendable {
    /// What the marks call the texts.
    public struct Names: Sendable {
        public var ours: String
        public var base: String
        public var theirs: String

        public init(ours: String, base: String, theirs: String) {
            self.ours = ours
            self.base = base
            self.theirs = theirs
        }
    }

    public enum Style: Sendable {
        /// Ours and theirs, without the lines that both have.
        case merge
        /// Ours, base and theirs in full.
        case diff3
    }

    /// The merged text, with marks if there are conflicts.
    public let bytes: [UInt8]
    /// How many pairs of marks it has.
    public let conflicts: Int

    public init(base: [UInt8], ours: [UInt8], theirs: [UInt8], names: Names, style: Style = .merge) {
        let base = TextLines(base)
        let (ours, theirs) = (LineDiff(from: base, to: TextLines(ours)), LineDiff(from: base, to: TextLines(theirs)))
        var writer = MergeWriter(base: base, ours: ours.new, theirs: theirs.new, style: style)
        for region in MergeRegion.regions(ours: ours.changes, theirs: theirs.changes) { writer.add(region) }
        (bytes, conflicts) = writer.finish(names: names)
    }
}

/// A stretch of the base that at least one side changed, and what each has in its place.
struct MergeRegion {
    var base: Range<Int>
    var ours: Range<Int>
    var theirs: Range<Int>

    /// Joins changes of the two sides that overlap or touch: lines next to each other are rarely meant to be mixed.
    static func regions(ours: [LineDiff.Change], theirs: [LineDiff.Change]) -> [MergeRegion] {
        var regions: [MergeRegion] = []
        var (ourRest, theirRest) = (ours[...], theirs[...])
        // How much longer than the base each side is, up to where we are.
        var (ourShift, theirShift) = (0, 0)
        while let start = [ourRest.first, theirRest.first].compactMap(\.?.old.lowerBound).min() {
            var end = start
            var (ourGrowth, theirGrowth) = (0, 0)
            while true {
                if let change = take(&ourRest, upTo: end) {
                    (end, ourGrowth) = (max(end, change.old.upperBound), ourGrowth + change.new.count - change.old.count)
                } else if let change = take(&theirRest, upTo: end) {
                    (end, theirGrowth) = (max(end, change.old.upperBound), theirGrowth + change.new.count - change.old.count)
                } else {
                    break
                }
            }
            regions.append(
                MergeRegion(
                    base: start..<end, ours: start + ourShift..<end + ourShift + ourGrowth,
                    theirs: start + theirShift..<end + theirShift + theirGrowth))
            (ourShift, theirShift) = (ourShift + ourGrowth, theirShift + theirGrowth)
        }
        return regions
    }

    private static func take(_ rest: inout ArraySlice<LineDiff.Change>, upTo end: Int) -> LineDiff.Change? {
        guard let first = rest.first, first.old.lowerBound <= end else { return nil }
        return rest.removeFirst()
    }
}
