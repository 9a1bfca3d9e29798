import EpEngine

/// Which of several episodes are built beside each other, and which after others. A value without I/O.
///
/// An episode that listens to others of its show waits for those before it, so that it comes out as if all were built one after the other.
struct BatchSchedule {
    /// In their order.
    private let places: [EpisodePlace]
    /// How many go on at once.
    private let width: Int
    private var started: Set<EpisodePlace> = []
    private var ended: Set<EpisodePlace> = []

    init(_ places: [EpisodePlace], width: Int) { (self.places, self.width) = (places, max(1, width)) }

    var hasBegun: Bool { !started.isEmpty }

    /// The next episode whose turn it is; it counts as started.
    /// - Parameter listens: whether an episode wants to be told something by others of its show.
    mutating func next(listens: (EpisodePlace) -> Bool) -> EpisodePlace? {
        guard started.count - ended.count < width else { return nil }
        for (index, place) in places.enumerated() where !started.contains(place) {
            let isWaiting = places[..<index].contains { Discovery.show(of: $0) == Discovery.show(of: place) && !ended.contains($0) }
            if isWaiting, listens(place) { continue }
            started.insert(place)
            return place
        }
        return nil
    }

    mutating func end(_ place: EpisodePlace) { ended.insert(place) }
}
