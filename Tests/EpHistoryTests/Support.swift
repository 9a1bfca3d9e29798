import EpCore
import EpFiles
import EpPlan
import EpSQLite
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import EpEngine
@testable import EpHistory

/// A workspace of its own for one test, with one show and one episode; removed with this value.
final class TestWorkspace: Sendable {
    let path: String
    let place: EpisodePlace
    var history: String { "\(path)/.epbuild/history.sqlite" }

    init() throws {
        path = "/tmp/ephistory-test-\(UInt64.random(in: 0 ... .max))"
        place = EpisodePlace(directory: "\(path)/show/one", show: "\(path)/show", workspace: path, isShow: false)
        try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: true)
        try write("x", to: "show/one/episode.yaml")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)")) }

    /// Puts something else in the place of the history, of which there is no log either.
    func damage(_ bytes: [UInt8]) throws {
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: history + end) }
        try Data(bytes).write(to: URL(filePath: history))
    }

    func episode(_ name: String) -> EpisodePlace {
        EpisodePlace(directory: "\(path)/show/\(name)", show: "\(path)/show", workspace: path, isShow: false)
    }

    /// Sends a recorder everything that a build does.
    @discardableResult
    func build(
        _ place: EpisodePlace? = nil, _ outcome: BuildReport.Outcome = .built, _ events: [BuildEvent.Kind] = [],
        warnings: Warnings = Warnings(), edit: (inout BuildReport) -> Void = { _ in }
    ) -> Warnings {
        let recorder = HistoryRecorder(place: place ?? self.place) { warnings.add($0) }
        recorder.tell(.started(BuildEvent.BuildStart()))
        events.forEach(recorder.tell)
        var report = BuildReport(episode: "one")
        report.outcome = outcome
        report.seconds = 0.001
        report.actions.executed = events.count { if case .actionFinished(let end) = $0 { end.origin == .executed } else { false } }
        edit(&report)
        recorder.tell(.finished(report))
        return warnings
    }

    func ask() -> History { History(stateDirectory: "\(path)/.epbuild") { _ in } }

    /// One number out of the database.
    func number(_ sql: String) throws -> Int64 { try ask().rows(sql) { $0.integer(0) }.first ?? -1 }
}

/// Collects what a recorder warns of.
final class Warnings: Sendable {
    private let collected = Mutex<[Diagnostic]>([])
    var all: [Diagnostic] { collected.withLock(\.self) }
    func add(_ problem: Diagnostic) { collected.withLock { $0.append(problem) } }
}

extension HistoryRecorder {
    /// As a build's stream does.
    func tell(_ kind: BuildEvent.Kind) { tell(kind, at: .now) }

    func tell(_ kind: BuildEvent.Kind, at time: Moment) {
        observe(BuildEvent(build: BuildID(.system), sequence: 1, time: time, episode: "/w/show/one", kind: kind))
    }
}

/// An action that ended well.
func ended(
    _ target: String, step: String = "", tool: String = "tts", _ origin: BuildEvent.Origin = .executed, by provider: String = "espeak",
    cost: Int64 = 0, unpriced: Int64 = 0, milliseconds: Int = 100, address: String? = nil
) -> BuildEvent.Kind {
    let digest = ActionDigest(Digest(of: Array((address ?? target + step).utf8)))
    let result = ActionResult(
        outputs: [], servedBy: provider, duration: .milliseconds(milliseconds), cost: Cost(microUSD: cost, unpricedCalls: unpriced),
        usage: ["characters": 12])
    return .actionFinished(
        .init(site: StepSite(Target(parsing: target), step: step), tool: ToolName(tool), origin: origin, address: digest, result: result))
}

func failed(_ target: String, step: String = "", at place: EpCore.SourceLocation? = nil) -> BuildEvent.Kind {
    .failed(
        Failure(
            Diagnostic(.actionFailed, "it broke", remedy: "mend it"), of: StepSite(Target(parsing: target), step: step, at: place),
            attempts: 1))
}
