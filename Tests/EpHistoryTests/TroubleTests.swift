import Dispatch
import EpCore
import EpPlan
import EpSQLite
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import EpEngine
@testable import EpHistory

/// Damage, crowds and crowds of rows: the history never fails a build.
@Suite struct TroubleTests {
    private func damaged(_ workspace: TestWorkspace) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(workspace.path)/.epbuild").filter { $0.contains("damaged") }.sorted()
    }

    @Test(arguments: ["this is no database, and long enough to be asked for its header; this is no database, and long enough", "short"])
    func garbageIsSetAside(_ garbage: String) throws {
        let workspace = try TestWorkspace()
        try FileManager.default.createDirectory(atPath: "\(workspace.path)/.epbuild", withIntermediateDirectories: true)
        for round in 1...2 {
            try workspace.damage(Array(garbage.utf8))
            let seen = workspace.build(nil, .built, [ended("speech/1")])
            #expect(seen.all.map(\.severity) == [.warning], "\(seen.all)")
            #expect(try damaged(workspace) == (1...round).map { "history.sqlite.damaged-\($0)" })
            #expect(try workspace.number("SELECT count(*) FROM action") == 1)
        }
    }

    @Test func damagedPagesAreSetAside() throws {
        let workspace = try TestWorkspace()
        workspace.build(nil, .built, (1...2000).map { ended("speech/\($0)") })
        // Who writes more than a log holds puts it into the file.
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: workspace.history)))
        #expect(bytes.count > 50_000)
        for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        try workspace.damage(bytes)
        let seen = workspace.build(nil, .built, [ended("speech/1")])
        #expect(seen.all.count == 1)
        #expect(try damaged(workspace).count == 1)
        #expect(try workspace.number("SELECT count(*) FROM build") == 1)
    }

    @Test func aDirectoryInItsPlaceIsSetAside() throws {
        let workspace = try TestWorkspace()
        try FileManager.default.createDirectory(atPath: workspace.history, withIntermediateDirectories: true)
        #expect(workspace.build().all.count == 1)
        #expect(try workspace.number("SELECT count(*) FROM build") == 1)
    }

    /// It is not damaged: this epbuild just does not know its tables.
    @Test func theHistoryOfANewerEpbuildIsLeftAlone() throws {
        let workspace = try TestWorkspace()
        workspace.build()
        try SQLiteDatabase(path: workspace.history).execute("PRAGMA user_version=999")
        let seen = workspace.build(nil, .built, [ended("speech/1"), ended("speech/2")])
        #expect(seen.all.count == 1 && seen.all[0].message.contains("newer epbuild"), "\(seen.all)")
        #expect(try damaged(workspace).isEmpty)
    }

    @Test func whereNothingCanBeWrittenTheBuildGoesOn() throws {
        let workspace = try TestWorkspace()
        try workspace.write("", to: ".epbuild")
        let seen = workspace.build(nil, .built, (1...2000).map { ended("speech/\($0)", cost: 1) })
        #expect(seen.all.map(\.severity) == [.warning])
    }

    /// Eight writers begin the file together; each has connections of its own, as processes have.
    @Test func manyWriteAtOnce() throws {
        let workspace = try TestWorkspace()
        let warnings = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { writer in
            for build in 1...5 {
                let seen = workspace.build(
                    workspace.episode("e\(writer)"), .built,
                    (1...20).map { ended("speech/\($0)", cost: 1, address: "\(writer) \(build) \($0)") })
                warnings.withLock { $0 += seen.all.map(\.message) }
                workspace.ask().record(Decision("clean", of: EpisodeName("e\(writer)"), by: "ada"))
            }
        }
        #expect(warnings.withLock { $0 } == [])
        #expect(try workspace.number("SELECT count(*) FROM build WHERE outcome = 'built'") == 40)
        #expect(try workspace.number("SELECT sum(cost_micro_usd) FROM action") == 800)
        #expect(try workspace.number("SELECT count(DISTINCT build) FROM action") == 40)
        #expect(try workspace.number("SELECT count(*) FROM decision") == 40)
    }

    /// A disk that could not read for once is told of as damage.
    @Test func whatIsReadTheSecondTimeIsNotDamaged() throws {
        let workspace = try TestWorkspace()
        workspace.build()
        try workspace.write(String(repeating: "no database ", count: 500), to: "garbage")
        let file = HistoryFile(stateDirectory: "\(workspace.path)/.epbuild") { Issue.record("\($0.message)") }
        var attempts = 0
        let builds = try file.use { (database) throws(SQLiteError) in
            attempts += 1
            if attempts == 1 {
                _ = try SQLiteDatabase.readingOnly("\(workspace.path)/garbage").rows("SELECT 1 FROM sqlite_schema", []) { _ in 1 }
            }
            return try database.rows("SELECT 1 FROM build", []) { _ in 1 }
        }
        #expect(attempts == 2 && builds == [1])
        #expect(try damaged(workspace) == [] && file.generation == 0)
    }

    /// All meet the damage; one sets it aside, and nobody loses the new file.
    @Test func manyMeetTheDamage() throws {
        let workspace = try TestWorkspace()
        workspace.build()
        try workspace.damage(Array(String(repeating: "no database ", count: 500).utf8))
        DispatchQueue.concurrentPerform(iterations: 8) { writer in
            workspace.build(workspace.episode("e\(writer)"), .built, [ended("speech/1", cost: 1)])
        }
        #expect(try damaged(workspace).filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") } == ["history.sqlite.damaged-1"])
        #expect(try workspace.number("SELECT count(*) FROM build") == 8)
    }

    /// 50,000 actions: bounded in memory, and a small part of what it takes to run them.
    @Test(arguments: [false, true]) func fiftyThousandActions(paid: Bool) throws {
        let workspace = try TestWorkspace()
        let recorder = HistoryRecorder(place: workspace.place) { _ in }
        recorder.tell(.started(BuildEvent.BuildStart()))
        let before = Self.peakMemory
        let start = ContinuousClock.now
        var most = 0
        for number in 1...50_000 {
            recorder.tell(
                .actionStarted(BuildEvent.StepStart(StepSite(Target(parsing: "speech/\(number)")), tool: ToolName("tts"), pool: .cpu)))
            recorder.tell(ended("speech/\(number)", cost: paid ? 5 : 0))
            most = max(most, recorder.waiting)
        }
        var report = BuildReport(episode: "one")
        report.outcome = .built
        recorder.tell(.finished(report))
        let (seconds, grown) = ((ContinuousClock.now - start).seconds, Self.peakMemory - before)
        print("50,000 \(paid ? "paid" : "free") actions recorded in \(seconds) s; peak memory grew by \(grown) KiB")
        #expect(seconds < 600)
        // Other tests use memory meanwhile: what is bounded is what waits.
        #expect(most <= HistoryRecorder.batch)
        #expect(try workspace.number("SELECT count(*) FROM action") == 50_000)
    }

    /// In KiB, since it was last asked for.
    private static var peakMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
}
