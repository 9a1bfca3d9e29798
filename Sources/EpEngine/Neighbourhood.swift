import EpCache
import EpCore
import EpPlan
import Synchronization

/// The episodes of a show as one build sees them, and what they have told.
///
/// What an episode tells is kept in small files of its own below `.epbuild/told/`, written by its builds: `out/` is for people.
final class Neighbourhood {
    private let place: EpisodePlace
    private let sources: SourceFiles
    private let hearsay: Hearsay

    init(of place: EpisodePlace, sources: SourceFiles, hearsay: Hearsay) {
        self.place = place
        self.sources = sources
        self.hearsay = hearsay
    }

    static func path(of telling: Telling, by place: EpisodePlace) -> String {
        "\(place.stateDirectory)/told/\(telling.rawValue)/\(place.stateName)"
    }

    func place(of neighbour: Neighbour) -> EpisodePlace {
        EpisodePlace(directory: neighbour.directory, show: place.show, workspace: place.workspace, isShow: false)
    }

    /// What an episode has told: as its last build has written it, else as it was looked up.
    func told(_ telling: Telling, by neighbour: Neighbour) throws -> [UInt8]? {
        let found = hearsay.bytes(telling, by: neighbour)
        guard let written = try sources.file(Self.path(of: telling, by: place(of: neighbour))).map(sources.bytes),
            let value = Self.value(written)
        else { return found }
        return Self.isOutdated(value, neighbour) ? found ?? written : written
    }

    /// The episodes whose tellings are not there, or are of another number than they have now.
    /// - Parameter hearing: what is to be heard.
    func silent(_ hearing: Hearing) throws -> [Neighbour] {
        let own = try episodes().first { $0.directory.isByteForByte(place.directory) }
        return try episodes().filter { neighbour in
            guard hearing == .allRecords || (!neighbour.directory.isByteForByte(place.directory) && neighbour.isEarlier(than: own)) else {
                return false
            }
            return try told(hearing.telling, by: neighbour).flatMap(Self.value).map { Self.isOutdated($0, neighbour) } ?? true
        }
    }

    private func episodes() throws -> [Neighbour] { try sources.episodes(in: place.show) }

    /// True if what is told is of an episode that had another number: the directory may be another's now.
    private static func isOutdated(_ telling: Value, _ neighbour: Neighbour) -> Bool {
        EpisodeNumber(telling["facts"]?["episode"] ?? telling) != neighbour.number
    }

    /// Nil for a file that is damaged: it is as good as none.
    private static func value(_ telling: [UInt8]) -> Value? {
        (try? Node(parsing: telling, file: ""))?.value.members.map(Value.object)
    }
}

/// What was found out of other episodes by looking them up, as no build here had written it down. Each is looked up once.
final class Hearsay: Sendable {
    private struct Key: Hashable {
        let telling: Telling
        let directory: Path
    }

    /// Nil for what was not found.
    private let found = Mutex<[Key: [UInt8]?]>([:])
    private let programs = Mutex<[Program: ProgramVersion]>([:])

    /// What the builds of this process know of programs: whoever only looks up asks none of them again.
    var versions: [Program: ProgramVersion] { programs.withLock(\.self) }

    func note(_ versions: [Program: ProgramVersion]) { programs.withLock { $0.merge(versions) { $1 } } }

    func bytes(_ telling: Telling, by neighbour: Neighbour) -> [UInt8]? {
        found.withLock { $0[Key(telling: telling, directory: Path(neighbour.directory))] ?? nil }
    }

    func note(_ bytes: [UInt8]?, as telling: Telling, by neighbour: Neighbour) {
        found.withLock { $0[Key(telling: telling, directory: Path(neighbour.directory))] = .some(bytes) }
    }

    func wasAsked(_ telling: Telling, by neighbour: Neighbour) -> Bool {
        found.withLock { $0[Key(telling: telling, directory: Path(neighbour.directory))] != nil }
    }
}

extension Neighbour {
    /// True if its number is smaller; one without a number is earlier than none.
    func isEarlier(than other: Neighbour?) -> Bool {
        guard let number else { return false }
        return other?.number.map { number < $0 } ?? true
    }
}
