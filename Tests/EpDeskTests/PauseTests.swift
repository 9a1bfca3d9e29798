import EpCore
import EpEngine
import FoundationEssentials
import Testing

@testable import EpDesk

@Suite struct PauseTests {
    @Test func buildsWaitUntilSomebodyResumes() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n", episodes: ["one", "two"])
        let desk = try show.desk(), places = [try show.place("one"), try show.place("two")]
        #expect(try desk.pause(places).map(\.isNew) == [true] && desk.pause(places).map(\.isNew) == [false])
        let waiting = await desk.start(places[0], BuildOptions()).end()
        #expect(waiting.outcome == .paused && waiting.reason?.remedy?.contains("epbuild resume") == true && waiting.exitStatus == .tryAgain)
        #expect(try show.read("w/.epbuild/pause").contains("2026-11-26T12:00:00Z"))
        #expect(try desk.resume(places) && !desk.resume(places))
        #expect(await desk.start(places[0], BuildOptions()).end().outcome == .built)
    }

    /// What failed when it was last tried is found again, after a success of something else, too.
    @Test func whatFailedIsFound() async throws {
        let show = try TestShow("  a: { tool: echo, say: fail }\n  b: { tool: echo, say: y }\n  c: { tool: echo, say: fail too }\n")
        let desk = try show.desk(), place = try show.place()
        var options = BuildOptions()
        options.keepGoing = true
        #expect(try desk.failed(of: [place]).isEmpty)
        #expect(await desk.start(place, options).end().outcome == .failed)
        // Both run at once, so either may be the first to fail.
        #expect(try desk.failed(of: [place]).map(\.description).sorted() == ["a", "c"])
        try show.pipeline("  a: { tool: echo, say: fine }\n  b: { tool: echo, say: z }\n  c: { tool: echo, say: fail too }\n")
        options.targets = try desk.failed(of: [place])
        let second = await desk.start(place, options).end()
        #expect(second.actions.executed == 1 && second.failures.count == 1)
        #expect(try desk.failed(of: [place]).map(\.description) == ["c"])
    }
}

@Suite struct ExplanationTests {
    private let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))

    /// If this fails: `for c in $(epbuild explain | cut -d' ' -f1); do epbuild explain --markdown $c > docs/errors/$c.md; done`.
    @Test(arguments: Diagnostic.Code.allCases) func everyKindOfTroubleHasItsPage(_ code: Diagnostic.Code) throws {
        let page = try String(contentsOfFile: "\(root)/docs/errors/\(code.id).md", encoding: .utf8)
        #expect(page == Explanation(code).markdown + "\n")
        let events = try String(contentsOfFile: "\(root)/docs/events.md", encoding: .utf8)
        #expect(events.contains("| `\(code.rawValue)` | \(code.id) | \(code.exitStatus.rawValue) |"))
    }

    @Test func bothNamesAreUnderstood() throws {
        #expect(try Explanation("ep0205").code == .providerFailed && Explanation("bad_answer").code == .badAnswer)
        let problem = #expect(throws: Diagnostic.self) { try Explanation("bad_anwser") }
        #expect(problem?.remedy == "did you mean \"bad_answer\"?" && problem?.code == .usage)
    }
}
