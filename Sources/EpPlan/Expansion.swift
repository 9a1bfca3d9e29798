import EpCore

/// A stage of a tool, as far as its lists and items are known: a tree with a level for each dimension.
///
/// A list is read when what holds it is known, whatever is not known beside it. What has been planned stays.
final class Expansion {
    let stage: StageDefinition
    let root: Branch
    /// Names for the files of an editable stage, each given once.
    var fileNames: FreeNames
    /// True once files that belong to no item have been looked for.
    var hasLookedForStrays = false

    init(_ stage: StageDefinition, _ remembered: Branch.Memory) {
        self.stage = stage
        root = Branch(at: nil, remembered)
        fileNames = FreeNames(taken: Set(remembered.files.map(\.thing)))
        // A stage that does not fan out has one item, and no element.
        if !stage.fansOut { root.fill([Element(number: 1, value: .null)], isInnermost: true) }
    }

    /// All items, once they are known: they are kept here alone.
    private var whole: [ItemArtifacts]?

    /// The items that are known, in the order of their coordinates.
    var items: [ItemArtifacts] { whole ?? root.leaves.flatMap { $0.items.compactMap(\.self) } }

    /// The names of all items that lie where a selection reaches, as far as their lists are known.
    func itemNames(_ selection: Selection) -> [String] {
        whole?.compactMap(\.item)
            ?? root.leaves.filter { selection.reaches($0.coordinates) }.flatMap { leaf in leaf.elements.indices.map(leaf.itemName) }
    }

    /// The names that lie where a name leads, as far as its coordinates are there.
    func names(near item: String) -> [String] {
        if let whole, root.branches.isEmpty { return whole.compactMap(\.item) }
        var branch = root
        for part in Path(item).parts.dropLast() {
            guard let index = branch.elements.firstIndex(where: { $0.name == part }), index < branch.branches.count else { break }
            branch = branch.branches[index]
        }
        return branch.elements.indices.map(branch.itemName)
    }

    /// True if all lists are known that a selection reaches.
    func isCounted(_ selection: Selection) -> Bool { root.isCounted(selection) }

    /// True if everything is known that has been asked for.
    var isAnswered: Bool { root.isAnswered }

    /// - Returns: nil if an item is not known yet.
    func complete() -> StageArtifacts? {
        guard root.isComplete else { return nil }
        var all = whole ?? []
        if whole == nil {
            for leaf in root.leaves { leaf.move(to: &all) }
            whole = all
        }
        return StageArtifacts(isFanOut: stage.fansOut, items: all)
    }

    /// The items of a selection; nil if one of them, or one of their lists, is not known.
    func items(_ selection: Selection) -> [ItemArtifacts]? {
        if selection.isAll, let whole { return whole }
        var found: [ItemArtifacts] = []
        missing = root.collect(selection, dimension: 0, isAtLimit: selection.limit != nil, of: whole, into: &found)
        return missing == nil ? found : nil
    }

    /// What was not known of the selection that was asked for last.
    private(set) var missing: Branch.Spot?

    func item(at place: Branch.Spot) -> ItemArtifacts? { place.branch.item(place.index ?? 0, of: whole) }
}

/// What lies at some coordinates of a stage's items: elements of the next dimension, and in the innermost the items themselves.
final class Branch {
    /// What the lock remembers of the items that lie here.
    struct Memory {
        var files: [Remembered<Path>] = []
        var pins: [Remembered<Pin>] = []
        var skips: [Remembered<Target>] = []

        var isEmpty: Bool { files.isEmpty && pins.isEmpty && skips.isEmpty }
    }

    /// An item that is not known yet.
    struct Open {
        /// Those that were added for it, by name, so that asking again finds the same step.
        var steps = NamedSteps()
        /// When it was tried last.
        var round = 0
        /// Outputs that it waits for.
        var awaited: [StepID: String] = [:]
        /// The item of the same stage that it waits for.
        var blocker: Spot?
        /// True if it cannot be planned, whatever else becomes known.
        var isBroken = false
    }

    /// Nil in a stage of one dimension, and at the outermost.
    let coordinates: Coordinates?
    /// Where these stand; none if nothing asks for that.
    let standings: [Standing]
    let memory: Memory
    /// How many elements there are; nil as long as the list is not known.
    private(set) var count: Int?
    private(set) var elements: [Element] = []
    /// One for each element, but in the innermost dimension.
    var branches: [Branch] = []
    /// One for each element in the innermost dimension; nil if it is not known.
    private(set) var items: [ItemArtifacts?] = []
    private(set) var unknown = 0
    /// Where its items begin among all of the stage, once those are known.
    private var start = 0
    var open: [Int: Open] = [:]
    /// Of an editable stage: the file of each item, relative to the episode.
    var files: [(name: String, place: ItemPlace)] = []
    /// What people have decided about items, by their indices.
    var pins: [Int: Pin] = [:]
    var skips: Set<Int> = []
    /// True if its list cannot be had, whatever else becomes known.
    var isBroken = false
    var round = 0

    init(at coordinates: Coordinates?, standing standings: [Standing] = [], _ memory: Memory) {
        self.coordinates = coordinates
        self.standings = standings
        self.memory = memory
    }

    func fill(_ elements: [Element], isInnermost: Bool) {
        self.elements = elements
        count = elements.count
        guard isInnermost else { return }
        items = Array(repeating: nil, count: elements.count)
        unknown = elements.count
    }

    func set(_ item: ItemArtifacts, at index: Int) {
        items[index] = item
        open[index] = nil
        unknown -= 1
    }

    /// Gives the items of a branch of the innermost dimension away: there may be very many.
    fileprivate func move(to all: inout [ItemArtifacts]) {
        start = all.count
        if all.isEmpty { all.reserveCapacity(items.count) }
        for index in items.indices {
            if let item = items[index].take() { all.append(item) }
        }
        (items, elements, files) = ([], [], [])
    }

    /// The branches of the innermost dimension.
    var leaves: [Branch] { branches.isEmpty ? [self] : branches.flatMap(\.leaves) }
    func isCounted(_ selection: Selection) -> Bool {
        !selection.reaches(coordinates) || (count != nil && branches.allSatisfy { $0.isCounted(selection) })
    }
    var isAnswered: Bool { open.isEmpty && (count != nil || round == 0) && branches.allSatisfy(\.isAnswered) }
    var isComplete: Bool { count != nil && unknown == 0 && branches.allSatisfy(\.isComplete) }

    /// Where an item is, or a list that is not known, which has no index.
    struct Spot {
        let branch: Branch
        let index: Int?

        /// True if it was tried in a round, and is not known yet.
        func wasTried(in round: Int) -> Bool {
            guard let index else { return branch.count == nil && branch.round == round }
            return branch.open[index]?.round == round
        }
    }

    fileprivate func item(_ index: Int, of whole: [ItemArtifacts]?) -> ItemArtifacts? { whole.map { $0[start + index] } ?? items[index] }

    /// - Returns: what of the selection is not known; nil if all is.
    fileprivate func collect(
        _ selection: Selection, dimension: Int, isAtLimit: Bool, of whole: [ItemArtifacts]?, into found: inout [ItemArtifacts]
    ) -> Spot? {
        guard let count else { return Spot(branch: self, index: nil) }
        for index in selection.range(dimension, of: count, isAtLimit: isAtLimit) {
            if !selection.isInnermost(dimension) {
                let isBelowLimit = isAtLimit && selection.limit?[dimension] == index + 1
                if let missing = branches[index].collect(
                    selection, dimension: dimension + 1, isAtLimit: isBelowLimit, of: whole, into: &found)
                {
                    return missing
                }
            } else if let item = item(index, of: whole) {
                found.append(item)
            } else {
                return Spot(branch: self, index: index)
            }
        }
        return nil
    }

    /// The last item of a selection, or the list that must be known to tell; nil if it has no item.
    func last(of selection: Selection, dimension: Int, isAtLimit: Bool) -> Spot? {
        guard let count else { return Spot(branch: self, index: nil) }
        for index in selection.range(dimension, of: count, isAtLimit: isAtLimit).reversed() {
            if selection.isInnermost(dimension) { return Spot(branch: self, index: index) }
            let isBelowLimit = isAtLimit && selection.limit?[dimension] == index + 1
            if let found = branches[index].last(of: selection, dimension: dimension + 1, isAtLimit: isBelowLimit) { return found }
        }
        return nil
    }
}
