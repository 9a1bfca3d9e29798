import EpCore
import EpFiles
import Testing

@testable import ServerCore

@Suite struct TimesTests {
    /// Saturday, 28 February 2026, 05:59:30 UTC.
    private let moment = Moment(milliseconds: 1_772_258_370_000)

    @Test(arguments: [
        ("0 6 * * *", "2026-02-28T06:00:00Z"), ("59 5 * * *", "2026-03-01T05:59:00Z"), ("*/15 * * * *", "2026-02-28T06:00:00Z"),
        ("0 0 29 2 *", "2028-02-29T00:00:00Z"), ("30 7 * * 1-5", "2026-03-02T07:30:00Z"), ("0 0 * * 0", "2026-03-01T00:00:00Z"),
        ("0 0 * * 7", "2026-03-01T00:00:00Z"), ("0 12 1 1,7 *", "2026-07-01T12:00:00Z"), ("0 0 13 * 5", "2026-03-06T00:00:00Z"),
        ("5/20 9 * * *", "2026-02-28T09:05:00Z"),
    ])
    func theNextOneIs(_ text: String, _ next: String) throws {
        #expect(try Times(text).next(after: moment)?.iso8601Seconds == next)
    }

    @Test(arguments: [
        "", "* * * *", "60 * * * *", "* 24 * * *", "0 0 31 2 *", "a * * * *", "*/0 * * * *", "5-1 * * * *", "1,,2 * * * *", "0 0 0 * *",
        "-1 * * * *",
    ])
    func whatIsNoTimeIsTold(_ text: String) {
        let problem = #expect(throws: Diagnostic.self) { try Times(text) }
        #expect(problem?.remedy != nil)
    }
}

@Suite struct JobStoreTests {
    private let directory: String

    init() throws {
        directory = "/tmp/epbuild-jobs-\(UInt64.random(in: 0...UInt64.max))"
        try Files.makeDirectory(directory)
    }

    private func store(_ clock: WallClock = .system) throws -> JobStore { try JobStore(path: "\(directory)/server.sqlite", clock: clock) }

    @Test func whatIsResumedBeforeItHasStoppedIsNotEndedByItsFirstStart() async throws {
        defer { Directory.removeTree(directory) }
        let store = try store()
        let job = try await store.add(Job.Order(episodes: ["a"]), by: "Ana")
        let first = try #require(try await store.claim())
        _ = try await store.note(.paused, of: job.id)
        _ = try await store.note(.resumed, of: job.id)
        // Another lane leaves it alone while the first start still stops, and takes what comes behind it.
        let other = try await store.add(Job.Order(episodes: ["b"]), by: "Ana")
        #expect(try await store.claim(except: [job.id])?.id == other.id)
        #expect(try await store.claim(except: [job.id]) == nil)
        let second = try #require(try await store.claim())
        #expect(second.id == job.id && second.starts == first.starts + 1)
        #expect(try await store.note(.ended(outcome: "paused"), of: job.id, start: first.starts) == nil)
        #expect(try await store.job(job.id)?.state == .running)
        #expect(try await store.note(.ended(outcome: "built"), of: job.id, start: second.starts)?.outcome == "built")
    }

    /// A line that somebody waits for goes on beside what runs, and what else is to be built of its episode comes after it.
    @Test func whatIsUrgentWaitsForNoLane() async throws {
        defer { Directory.removeTree(directory) }
        let store = try store()
        let urgent = Job.Order.urgent
        _ = try await store.add(Job.Order(episodes: ["a"]), by: "Ana")
        #expect(try await store.claim(least: urgent) == nil)
        let running = try #require(try await store.claim())
        let line = try await store.add(Job.Order(episodes: ["b"], targets: ["lines/1"], priority: urgent), by: "Ana")
        let rest = try await store.add(Job.Order(episodes: ["b"]), by: "Ana")
        let other = try await store.add(Job.Order(episodes: ["c"]), by: "Ana")
        #expect(try await store.claim(least: urgent)?.id == line.id)
        #expect(try await store.claim()?.id == other.id, "the rest waits for the line")
        _ = try await store.note(.ended(outcome: "built"), of: line.id)
        #expect(try await store.claim()?.id == rest.id)
        #expect(try await store.job(running.id)?.state == .running)
    }

    @Test func whatIsDueIsAskedForOnce() async throws {
        defer { Directory.removeTree(directory) }
        let store = try store(WallClock { Moment(milliseconds: 1_772_258_370_000) })
        var order = Job.Order(episodes: [])
        (order.shows, order.isDraft, order.budget) = (["show"], true, Cost(usd: 1.5))
        let put = try await store.put("morning", order, every: Times("0 6 * * *"), by: "Ana")
        #expect(put.order == order && put.next?.iso8601Seconds == "2026-02-28T06:00:00Z")
        let resolve: @Sendable (Job.Order) -> Job.Order = { order in
            var order = order
            (order.episodes, order.shows) = (["show~ep"], [])
            return order
        }
        #expect(try await store.askForDue(resolve) == 0)
        // Two servers that share the file, three days later: one build, and the next time lies ahead.
        let later = try [0, 1].map { _ in try self.store(WallClock { Moment(milliseconds: 1_772_258_370_000 + 3 * 86_400_000) }) }
        #expect(try await later[0].askForDue(resolve) + later[1].askForDue(resolve) == 1)
        let jobs = try await store.all(limit: 10)
        #expect(jobs.map(\.order.episodes) == [["show~ep"]] && jobs[0].by == "Ana" && jobs[0].order.isDraft)
        let template = try #require(try await store.template("morning"))
        #expect(template.next?.iso8601Seconds == "2026-03-03T06:00:00Z" && template.job == jobs[0].id)
        #expect(try await store.remove(template: "morning"))
        #expect(try await !store.remove(template: "morning"))
    }
}
