import EpCore

/// Where an element stands in its list: what it is and what its neighbours are, hashed; "" where there is none.
public struct Standing: Sendable, Hashable {
    public let element: String
    public let before: String
    public let after: String

    public init(element: String, before: String, after: String) {
        self.element = element
        self.before = before
        self.after = after
    }

    /// Of what has lost its element: it stands again only where the same element does.
    var withoutNeighbours: Standing { Standing(element: element, before: Self.gone, after: Self.gone) }
    private var hasNoNeighbours: Bool { before == Self.gone && after == Self.gone }
    private static let gone = "gone"

    /// No two are the same: where equal elements have equal neighbours, what is before them is counted.
    static func all(of elements: [Element]) -> [Standing] {
        let anchors = elements.map(\.anchor)
        var counts: [Standing: Int] = [:]
        return anchors.indices.map { index in
            let standing = Standing(
                element: anchors[index], before: index > 0 ? anchors[index - 1] : "",
                after: index + 1 < anchors.count ? anchors[index + 1] : "")
            let count = counts[standing, default: 0]
            counts[standing] = count + 1
            return count == 0
                ? standing : Standing(element: standing.element, before: anchor(of: "\(standing.before) \(count)"), after: standing.after)
        }
    }

    /// The first digits of a hash: enough to tell the elements of one list apart.
    fileprivate static func anchor(of text: String) -> String { String(Digest(of: Array(text.utf8)).hex.prefix(16)) }
}

/// Where an item of a fan-out stands, in each of its dimensions.
///
/// What a person has decided about an item goes with its place, as its number changes with every insertion.
public struct ItemPlace: Sendable, Hashable {
    /// Outermost first.
    public let standings: [Standing]

    public init(_ standings: [Standing]) { self.standings = standings }

    /// The place of what has lost its element, within elements that have been found.
    ///
    /// Where one of those is another by now, which stands where the old one stood, it comes back with the old one.
    func lost(in outer: [Standing]) -> ItemPlace {
        let same = zip(standings, outer).prefix { $0.element == $1.element }.map { $1 }
        return ItemPlace(same + standings.dropFirst(same.count).map(\.withoutNeighbours))
    }

    /// The place with other standings in its first dimensions.
    func moved(to outer: [Standing]) -> ItemPlace { ItemPlace(outer + standings.dropFirst(outer.count)) }

    /// The places of all items of a stage, in their order.
    public static func all(of items: [ItemArtifacts]) -> [ItemPlace] {
        let coordinates = items.map { ($0.outer?.elements ?? []) + [$0.element].compactMap(\.self) }
        return places(of: coordinates[...], in: 0)
    }

    /// - Parameter coordinates: all those that have the same elements in the dimensions before this one.
    private static func places(of coordinates: ArraySlice<[Element]>, in dimension: Int) -> [ItemPlace] {
        var runs: [Range<Int>] = []
        for index in coordinates.indices where dimension < coordinates[index].count {
            if let last = runs.last, coordinates[last.lowerBound][dimension].number == coordinates[index][dimension].number {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        let standings = Standing.all(of: runs.map { coordinates[$0.lowerBound][dimension] })
        return zip(runs, standings).flatMap { run, standing in
            guard dimension + 1 < coordinates[run.lowerBound].count else { return run.map { _ in ItemPlace([standing]) } }
            return places(of: coordinates[run], in: dimension + 1).map { ItemPlace([standing] + $0.standings) }
        }
    }
}

/// Something that a person has decided about an item, as it is remembered.
struct Remembered<Thing> {
    let thing: Thing
    let place: ItemPlace
    /// The numbers that its elements had, from 1: of equal elements, the nearest is taken.
    let numbers: [Int]

    init(_ thing: Thing, at place: ItemPlace, called item: String? = nil) {
        self.thing = thing
        self.place = place
        let parts = item.map { Path($0).parts.map { Int($0) } } ?? []
        numbers = place.standings.indices.map { index in
            parts.count == place.standings.count ? min(max(parts[index] ?? 1, 1), 1 << 30) : 1
        }
    }
}

extension Standing {
    /// Finds in which elements of an outer dimension things are now that lay in those remembered: many may lie in one.
    /// - Returns: the index of each among `standings`; nil for what is gone.
    static func findOuter(_ remembered: [(standing: Standing, number: Int)], among standings: [Standing]) -> [Int?] {
        guard !remembered.isEmpty else { return [] }
        var numbers: [Standing: Int] = [:]
        let distinct = remembered.map(\.standing).filter { numbers.updateValue(1, forKey: $0) == nil }
        for one in remembered { numbers[one.standing] = max(numbers[one.standing] ?? 1, one.number) }
        let living = distinct.filter { !$0.hasNoNeighbours }
        var found = Dictionary(uniqueKeysWithValues: zip(living, find(living.map { ($0, numbers[$0] ?? 1) }, among: standings)))
        // What lost its element comes back with one that was not there at the time: others hold those that were.
        let held = Set(found.compactMap { one, index in index.flatMap { standings[$0].element == one.element ? $0 : nil } })
        for one in distinct where one.hasNoNeighbours {
            found[one] = .some(standings.indices.first { standings[$0].element == one.element && !held.contains($0) })
        }
        // Of equal elements, one may be left.
        for one in living where found[one] == .some(nil) { found[one] = .some(standings.firstIndex { $0.element == one.element }) }
        return remembered.map { found[$0.standing] ?? nil }
    }

    /// Finds where remembered places are now in one list. Each goes with its element; where that has changed, it stays between the same
    /// neighbours.
    /// - Returns: the index of each among `places`; nil for what is gone.
    static func find(_ remembered: [(standing: Standing, number: Int)], among places: [Standing]) -> [Int?] {
        guard !remembered.isEmpty else { return [] }
        let same = Dictionary(grouping: places.indices) { places[$0] }
        let equal = Dictionary(grouping: places.indices) { places[$0].element }
        let following = Dictionary(grouping: places.indices) { places[$0].before }
        let leading = Dictionary(grouping: places.indices) { places[$0].after }
        var found = [Int?](repeating: nil, count: remembered.count)
        var taken: Set<Int> = []
        func settle(_ rule: (Standing, Int) -> Int?) {
            for index in remembered.indices where found[index] == nil {
                found[index] = rule(remembered[index].standing, remembered[index].number)
                if let place = found[index] { taken.insert(place) }
            }
        }
        func free(_ indices: [Int]?) -> [Int] { (indices ?? []).filter { !taken.contains($0) } }
        // All that are still there have their places before any that have changed.
        // In their order, as far as there are any: of ten thousand equal ones each would ask for all before it.
        var next: [Standing: Int] = [:]
        settle { place, _ in
            defer { next[place, default: 0] += 1 }
            guard let indices = same[place], next[place, default: 0] < indices.count else { return nil }
            return indices[next[place, default: 0]]
        }
        settle { place, _ in
            equal[place.element]?.first { !taken.contains($0) && (places[$0].before == place.before || places[$0].after == place.after) }
        }
        settle { place, number in free(equal[place.element]).min { abs($0 + 1 - number) < abs($1 + 1 - number) } }
        settle { place, _ in
            let after = free(following[place.before])
            if let between = after.first(where: { places[$0].after == place.after }) { return between }
            // That both stand at an end of the list says nothing.
            let beside = Set(place.before.isEmpty ? [] : after).union(place.after.isEmpty ? [] : free(leading[place.after]))
            return beside.count == 1 ? beside.first : nil
        }
        return found
    }
}

extension Element {
    fileprivate var anchor: String { Standing.anchor(of: subject.json()) }
}
