import EpCore

/// Where the items of a fan-out in several dimensions lie: an element of each dimension but the innermost.
///
/// All items that lie there share one.
public final class Coordinates: Sendable {
    /// Outermost first.
    public let elements: [Element]
    /// What the names of the items in it begin with: `de/`.
    let prefix: String

    init(_ elements: [Element]) {
        self.elements = elements
        prefix = elements.map { "\($0.name)/" }.joined()
    }
}

/// Where an item stands: the numbers of its elements in its stage's dimensions.
struct Position: Hashable {
    let dimensions: [Dimension]
    let numbers: [Int]

    static let none = Position(dimensions: [], numbers: [])

    /// As far as it lies in lists that a person has written down.
    var written: Position {
        let kept = dimensions.indices.filter { dimensions[$0].isWritten }
        return Position(dimensions: kept.map { dimensions[$0] }, numbers: kept.map { numbers[$0] })
    }
}

/// Which items of a stage are asked for: by their numbers in some of its dimensions, or by their names.
struct Selection {
    /// One for each dimension; nil for all elements.
    let numbers: [Int?]
    /// Names of items, or of all that lie at some coordinates; nil: whatever they are called.
    let names: Set<Path>?
    /// The names, and those of all coordinates in which they lie.
    private let homes: Set<Path>
    /// Only what comes before the item with these numbers.
    var limit: [Int]?
    /// Of these, only the items that it says yes to, by their branch and index; nil: all.
    var wants: ((Branch, Int) -> Bool)?

    static func all(of stage: StageDefinition) -> Selection { Selection(numbers: stage.dimensions.map { _ in nil }) }

    /// What an item reads of a stage: the items that agree with it in all dimensions that both have.
    init(of stage: StageDefinition, agreeingWith position: Position) {
        self.init(numbers: stage.dimensions.map { dimension in position.dimensions.firstIndex(of: dimension).map { position.numbers[$0] } })
    }

    /// What comes before an item in its own stage. Languages and looks, lists that a person has written, are variants: each goes along by
    /// itself.
    init(before position: Position) {
        let isVariant = position.dimensions.map(\.isWritten)
        let last = position.dimensions.indices.last
        let goesAlong = isVariant.contains(false) ? isVariant.map { !$0 } : isVariant.indices.map { $0 == last }
        self.init(numbers: zip(position.numbers, goesAlong).map { $1 ? nil : $0 })
        limit = position.numbers
    }

    init(numbers: [Int?], names: Set<Path>? = nil) {
        self.numbers = numbers
        self.names = names
        homes = Set((names ?? []).flatMap { Target.homes(of: $0.text) })
    }

    var isAll: Bool { names == nil && limit == nil && wants == nil && numbers.allSatisfy { $0 == nil } }
    /// True if it is one item, whatever there is.
    var isSingle: Bool { !numbers.contains(nil) }
    func isInnermost(_ dimension: Int) -> Bool { dimension + 1 >= numbers.count }

    /// The indices that are asked for among so many elements of a dimension.
    /// - Parameter isAtLimit: true where all coordinates so far are those of the limit.
    func range(_ dimension: Int, of count: Int, isAtLimit: Bool = false) -> Range<Int> {
        guard dimension < numbers.count else { return 0..<count }
        let end = if isAtLimit, let limit { min(count, isInnermost(dimension) ? limit[dimension] - 1 : limit[dimension]) } else { count }
        guard let number = numbers[dimension] else { return 0..<max(0, end) }
        return number <= end ? (number - 1)..<number : 0..<0
    }

    func has(_ item: String) -> Bool {
        guard let names else { return true }
        return Target.homes(of: item).contains { names.contains($0) }
    }

    /// True if an item that lies at some coordinates may be asked for.
    func reaches(_ coordinates: Coordinates?) -> Bool {
        guard names != nil, let coordinates else { return true }
        let name = String(coordinates.prefix.dropLast())
        return homes.contains(Path(name)) || has(name)
    }
}
