import EpCore

/// Where an item of a fan-out stands: what its element is and what its neighbours are, hashed; "" where there is none.
///
/// What a person has decided about an item goes with its place, as its number changes with every insertion.
public struct ItemPlace: Sendable, Hashable {
    public let element: String
    public let before: String
    public let after: String

    public init(element: String, before: String, after: String) {
        self.element = element
        self.before = before
        self.after = after
    }

    /// The place of what has lost its element: it stands again only where the same element does.
    var withoutNeighbours: ItemPlace { ItemPlace(element: element, before: Self.gone, after: Self.gone) }
    private static let gone = "gone"

    /// The places of a stage's elements now.
    public static func all(of elements: [Element]) -> [ItemPlace] {
        let anchors = elements.map(\.anchor)
        return anchors.indices.map { index in
            ItemPlace(element: anchors[index], before: index > 0 ? anchors[index - 1] : "", after: index + 1 < anchors.count ? anchors[index + 1] : "")
        }
    }

    /// The number that an item's name is; 1 for a name that is none.
    static func number(of item: String?) -> Int { item.flatMap { Int($0) }.map { min(max($0, 1), 1 << 30) } ?? 1 }

    /// Finds where remembered places are now. Each goes with its element; where that has changed, it stays between the same neighbours.
    /// - Parameter remembered: places, with the numbers from 1 that they had; of equal elements, the nearest is taken.
    /// - Returns: the index of each place among `places`; nil for what is gone.
    static func find(_ remembered: [(place: ItemPlace, number: Int)], among places: [ItemPlace]) -> [Int?] {
        let same = Dictionary(grouping: places.indices) { places[$0] }
        let equal = Dictionary(grouping: places.indices) { places[$0].element }
        let following = Dictionary(grouping: places.indices) { places[$0].before }
        let leading = Dictionary(grouping: places.indices) { places[$0].after }
        var found = [Int?](repeating: nil, count: remembered.count)
        var taken: Set<Int> = []
        func settle(_ rule: (ItemPlace, Int) -> Int?) {
            for index in remembered.indices where found[index] == nil {
                found[index] = rule(remembered[index].place, remembered[index].number)
                if let place = found[index] { taken.insert(place) }
            }
        }
        func free(_ indices: [Int]?) -> [Int] { (indices ?? []).filter { !taken.contains($0) } }
        // All that are still there have their places before any that have changed.
        // In their order, as far as there are any: of ten thousand equal ones each would ask for all before it.
        var next: [ItemPlace: Int] = [:]
        settle { place, _ in
            defer { next[place, default: 0] += 1 }
            guard let indices = same[place], next[place, default: 0] < indices.count else { return nil }
            return indices[next[place, default: 0]]
        }
        settle { place, _ in equal[place.element]?.first { !taken.contains($0) && (places[$0].before == place.before || places[$0].after == place.after) } }
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
    /// The first digits of a hash of what the element is: enough to tell the elements of one stage apart.
    fileprivate var anchor: String { String(Digest(of: Array(subject.json().utf8)).hex.prefix(16)) }
}
