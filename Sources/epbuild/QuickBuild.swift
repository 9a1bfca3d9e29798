import ArgumentParser
import EpComposition
import EpCore
import EpEngine
import Glibc

/// `epbuild [build] [--json] WORD…`, read without the parser of command lines, as to set that up takes longer than a small build. Where the
/// words are paths and nothing is stale, it is answered from the memos alone.
struct QuickBuild {
    let words: [String]
    let json: Bool
    /// What the words stand for; nil if they are not just paths, or something is to be told of them.
    private(set) var places: [EpisodePlace]?
    /// One whose memo cannot tell whether it is up to date.
    private(set) var stale: EpisodePlace?

    /// Nil if the command line says anything else.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        if rest.first == "build" { rest = rest.dropFirst() }
        json = rest.contains("--json")
        words = rest.filter { $0 != "--json" }
        guard let first = words.first, !words.contains(where: { $0.hasPrefix("-") }) else { return nil }
        // No command is called like a path: where it is one, their names need not be asked for.
        guard first.contains("/") || !BuildCommand.otherWords.contains(first) else { return nil }
    }

    /// Nil if anything may be stale or wrong: then the build says what.
    mutating func run() -> ExitStatus? {
        let start = Clock.now()
        let setting = Setting()
        var reports: [EpisodePlace: BuildReport] = [:]
        // What a show has once is asked about once.
        var shows: Set<EpisodePlace> = []
        var isWarned = false
        let found = try? words.flatMap { try Discovery.episodes(at: $0, from: setting.directory) { _ in isWarned = true } }
        guard let places = found, !isWarned else { return nil }
        self.places = places
        for place in places {
            let show = Discovery.show(of: place)
            guard let report = Self.upToDateReport(of: place, setting) else {
                stale = place
                return nil
            }
            guard !shows.insert(show).inserted || Self.upToDateReport(of: show, setting) != nil else { return nil }
            reports[place] = report
        }
        // The order costs a look into each episode's file: it is asked for when nothing is stale.
        for place in Discovery.inOrder(places) {
            guard var report = reports[place] else { continue }
            report.seconds = Clock.now() - start
            Summary(report, of: place).print(json: json)
        }
        return .success
    }

    private static func upToDateReport(of place: EpisodePlace, _ setting: Setting) -> BuildReport? {
        Builder.upToDateReport(of: place, fingerprint: setting.fingerprint, shownFrom: setting.directory, variable: Setting.value)
    }
}
