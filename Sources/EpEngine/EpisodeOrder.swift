import EpCore
import EpFiles
import EpPlan

extension Discovery {
    /// The episodes of each show in the order of their seasons and numbers, so that a later one finds what the earlier ones have told.
    /// Those without a number come last; of equals the path decides. Shows keep their order.
    public static func inOrder(_ places: [EpisodePlace]) -> [EpisodePlace] {
        guard places.count > 1 else { return places }
        var shows: [String: Int] = [:]
        for place in places where shows[place.show] == nil { shows[place.show] = shows.count }
        let known = places.map { place in
            let path = "\(place.directory)/episode.yaml"
            // What is wrong with the file its own build says.
            let facts = (try? Files.read(path)).flatMap { $0 }.flatMap { try? Node(parsing: $0, file: path) }
            return (place: place, neighbour: Neighbour(directory: place.directory, name: place.directory, shown: path, facts: facts))
        }
        return known.sorted { one, other in
            let (first, second) = (shows[one.place.show] ?? 0, shows[other.place.show] ?? 0)
            return first == second ? one.neighbour < other.neighbour : first < second
        }.map(\.place)
    }
}
