import ArgumentParser
import EpComposition
import EpCore
import EpEngine
import Glibc

/// `epbuild [build] [--json] PATH…` where nothing is stale: answered from the memos alone.
struct QuickBuild {
    private let paths: [String]
    private let json: Bool

    /// Nil if the command line says anything else.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        if rest.first == "build" { rest = rest.dropFirst() }
        json = rest.contains("--json")
        paths = rest.filter { $0 != "--json" }
        guard !paths.isEmpty, !paths.contains(where: { $0.hasPrefix("-") }) else { return nil }
        guard !Epbuild.configuration.subcommands.contains(where: { $0._commandName == paths[0] }) else { return nil }
    }

    /// Nil if anything may be stale or wrong: then the build says what.
    func run() -> ExitStatus? {
        let start = Clock.now()
        let setting = Setting()
        var reports: [EpisodePlace: BuildReport] = [:]
        // What a show has once is asked about once.
        var shows: Set<EpisodePlace> = []
        var isWarned = false
        let found = try? paths.flatMap { try Discovery.episodes(at: $0, from: setting.directory) { _ in isWarned = true } }
        guard let places = found, !isWarned else { return nil }
        for place in places {
            let show = Discovery.show(of: place)
            guard let report = Self.upToDateReport(of: place, setting),
                !shows.insert(show).inserted || Self.upToDateReport(of: show, setting) != nil
            else { return nil }
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
