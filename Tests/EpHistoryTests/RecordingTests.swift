import EpCore
import EpPlan
import FoundationEssentials
import Testing

@testable import EpEngine
@testable import EpHistory

/// What a recorder writes, and when.
@Suite struct RecordingTests {
    @Test func aBuildIsOneRowWithItsActions() throws {
        let workspace = try TestWorkspace()
        let observed = workspace.build(
            nil, .built,
            [
                .actionStarted(BuildEvent.StepStart(StepSite(Target(parsing: "speech/1")), tool: ToolName("tts"), pool: .cpu)),
                ended("speech/1", cost: 1500), ended("speech/2", .cache, cost: 700),
                ended("speech/3", .remote, cost: 300),
                .actionExplained(StepSite(Target(parsing: "speech/1")), [.init(label: "line.txt", old: "a", new: "b")]),
            ]
        ) {
            $0.outputs = ["out/one.mp3"]; $0.cost = Cost(microUSD: 1500); $0.saved = Cost(microUSD: 1000)
        }
        #expect(observed.all.isEmpty)
        #expect(
            try workspace.number("SELECT count(*) FROM build WHERE outcome = 'built' AND episode = 'show/one' AND cost_micro_usd = 1500")
                == 1)
        #expect(try workspace.number("SELECT count(*) FROM action") == 2)
        #expect(try workspace.number("SELECT sum(saved_micro_usd) FROM stage_saved") == 1000)
        #expect(try workspace.number("SELECT count(*) FROM reason WHERE changes LIKE '%line.txt%'") == 1)
    }

    @Test func anUpToDateBuildLeavesNoTrace() throws {
        let workspace = try TestWorkspace()
        workspace.build(nil, .upToDate, (1...20).map { ended("speech/\($0)", .cache) })
        #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/.epbuild"))
        workspace.build()
        workspace.build(nil, .upToDate)
        #expect(try workspace.number("SELECT count(*) FROM build") == 1)
    }

    @Test func anUpToDateBuildThatEndsAFailureIsRecorded() throws {
        let workspace = try TestWorkspace()
        workspace.build(nil, .failed, [failed("speech/1")])
        workspace.build(nil, .upToDate)
        workspace.build(nil, .upToDate)
        #expect(try workspace.number("SELECT count(*) FROM build") == 2)
    }

    /// What the first pass made is found by the second in the cache: it was not saved.
    @Test func aRepeatedPassSavesNothingTwice() throws {
        let workspace = try TestWorkspace()
        workspace.build(nil, .built, [
            ended("speech/1", cost: 500), ended("speech/2", .cache, cost: 40), .passRepeated(reason: "damage"),
            ended("speech/1", .cache, cost: 500), ended("speech/2", .cache, cost: 40),
        ])
        #expect(try workspace.number("SELECT sum(saved_micro_usd) FROM stage_saved") == 40)
        #expect(try workspace.number("SELECT sum(cost_micro_usd) FROM action") == 500)
    }

    @Test func aMistakeInAFileIsAFailedBuild() throws {
        let workspace = try TestWorkspace()
        let recorder = HistoryRecorder(place: workspace.place) { _ in }
        recorder.tell(.started(BuildEvent.BuildStart()))
        recorder.tell(.finished(BuildReport(of: "one", endedBy: Diagnostic(.badInput, "no such key"))))
        #expect(try workspace.number("SELECT count(*) FROM build WHERE outcome = 'failed' AND failures LIKE '%no such key%'") == 1)
    }

    @Test func aMistypedCommandIsNoBuild() throws {
        let workspace = try TestWorkspace()
        let recorder = HistoryRecorder(place: workspace.place) { _ in }
        recorder.tell(.started(BuildEvent.BuildStart()))
        recorder.tell(.finished(BuildReport(of: "one", endedBy: Diagnostic(.usage, "there is no stage \"speach\""))))
        #expect(!FileManager.default.fileExists(atPath: workspace.history))
    }

    /// Paid for means recorded, whatever happens next.
    @Test func moneyIsOnDiskBeforeTheBuildEnds() throws {
        let workspace = try TestWorkspace()
        let recorder = HistoryRecorder(place: workspace.place) { _ in }
        recorder.tell(.started(BuildEvent.BuildStart()))
        recorder.tell(ended("speech/1", cost: 9))
        #expect(try workspace.number("SELECT sum(cost_micro_usd) FROM action") == 9)
        #expect(try workspace.number("SELECT count(*) FROM build WHERE outcome IS NULL") == 1)
    }

    @Test func aBuildThatIsGivenUpKeepsItsActions() throws {
        let workspace = try TestWorkspace()
        do {
            let recorder = HistoryRecorder(place: workspace.place) { _ in }
            recorder.tell(.started(BuildEvent.BuildStart()))
            recorder.tell(ended("speech/1"))
        }
        #expect(try workspace.number("SELECT count(*) FROM action") == 1)
        #expect(try workspace.ask().builds().first.map(\.outcome) == .some(nil))
    }

    @Test func aDecisionIsRecorded() throws {
        let workspace = try TestWorkspace()
        workspace.ask().record(Decision("clean", target: "speech/1", of: EpisodeName(workspace.place), note: "too fast", by: "ada"))
        #expect(try workspace.number("SELECT count(*) FROM decision WHERE verb = 'clean' AND note = 'too fast' AND by = 'ada'") == 1)
    }
}
