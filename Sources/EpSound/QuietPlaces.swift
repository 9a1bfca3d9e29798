/// Finds the quiet places of a recording as it is read: where a third of a second is quieter than any other within a second.
///
/// Energies are sums of whole numbers over the samples themselves, without a grid. So a place depends on what is heard around it
/// alone, and lies at the same sample of the same sound however much comes before it.
struct QuietPlaces {
    struct Place: Hashable, Sendable {
        /// The sample in the middle of the quiet.
        let position: Int
        /// The sum of squares over ``width`` samples.
        let energy: Int64
    }

    /// How long the quiet is that is measured, in samples of 16 kHz.
    static let width = 4_800
    /// How far around a place nothing is quieter, in samples.
    static let radius = 16_000

    private(set) var places: [Place] = []
    /// Samples read.
    private(set) var count = 0
    private var samples = Ring<Int32>(repeating: 0)
    private var energy: Int64 = 0
    private var minima = SlidingMinimum()

    /// Goes on with the next samples.
    mutating func listen(to piece: [Float]) {
        for sample in piece {
            let value = Int32(sample * 32_768)
            if count >= Self.width {
                let gone = Int64(samples[count - Self.width])
                energy -= gone * gone
            }
            energy += Int64(value) * Int64(value)
            samples[count] = value
            count += 1
            if count >= Self.width { measure() }
        }
    }

    /// A quiet is where its middle is; whether it is a place shows when what follows it has been heard.
    private mutating func measure() {
        let middle = count - Self.width / 2
        let candidate = middle - Self.radius
        minima.add(energy, at: middle, forgetting: candidate - Self.radius)
        guard candidate >= Self.radius, let quietest = minima.first, quietest.position == candidate else { return }
        places.append(Place(position: candidate, energy: quietest.energy))
    }
}

/// The last elements of a long sequence, by their numbers.
private struct Ring<Element> {
    private static var mask: Int { 0x7FFF }
    private var elements: [Element]

    init(repeating element: Element) { elements = Array(repeating: element, count: Self.mask + 1) }

    subscript(number: Int) -> Element {
        get { elements[number & Self.mask] }
        set { elements[number & Self.mask] = newValue }
    }
}

/// The smallest of the last energies; of equal ones, the first.
private struct SlidingMinimum {
    private typealias Entry = (position: Int, energy: Int64)
    private var entries = Ring<Entry>(repeating: (0, 0))
    private var (head, tail) = (0, 0)

    var first: (position: Int, energy: Int64)? { head < tail ? entries[head] : nil }

    /// - Parameter oldest: what lies before it counts no more.
    mutating func add(_ energy: Int64, at position: Int, forgetting oldest: Int) {
        while head < tail, entries[tail - 1].energy > energy { tail -= 1 }
        entries[tail] = (position, energy)
        tail += 1
        while entries[head].position < oldest { head += 1 }
    }
}
