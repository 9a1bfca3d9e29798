import EpCore
import Testing

@testable import EpPlan

/// How often services are asked may be said at a stage, a provider and the workspace: the nearest counts.
@Suite struct RetryTests {
    private func workspace(_ text: String) throws -> Workspace { try Workspace(directory: "/w", yaml(text, file: "epbuild.yaml")) }

    private func settings(_ text: String) throws -> RetrySettings { try RetrySettings(yaml(text, file: "x"), of: "a test") }

    @Test func theNearestCounts() throws {
        let workspace = try workspace(
            "retry: { attempts: 7, deadline_seconds: 60 }\nproviders: { a: { tool: llm, use: remote, attempts: 2 }, b: { tool: llm, use: remote } }\n"
        )
        #expect(workspace.retry == (try settings("{ attempts: 7, deadline_seconds: 60 }")))
        #expect(workspace.providers[0].retry == (try settings("{ attempts: 2, deadline_seconds: 60 }")))
        #expect(workspace.providers[1].retry == workspace.retry)
        let stage = try settings("{ attempts: 1, base_delay_seconds: 0, longest_wait_seconds: 9 }")
        let all = stage.over(workspace.providers[0].retry)
        #expect(all.attempts == 1 && all.deadline == 60 && all.baseDelay == 0 && all.longestWait == 9 && all.timeout == nil)
    }

    @Test func aMistakeIsSaidAtItsPlace() {
        let unknown = problems { _ = try workspace("limits: { jobs: 2 }\nretry: { attemps: 3 }\n") }
        #expect(unknown.map(\.message) == ["`retry` of the workspace has an unknown key `attemps`"])
        #expect(unknown.first?.location?.description == "epbuild.yaml:2:10" && unknown.first?.remedy == "did you mean \"attempts\"?")
        #expect(problems { _ = try workspace("retry: { attempts: 0 }\n") }.count == 1)
    }

    /// Only where providers serve, it means anything.
    @Test func aStageHasIt() throws {
        func stage(_ text: String, keys: [String]) throws -> StageDefinition {
            try #require(Pipeline(yaml("stages: { a: \(text) }\n", file: "pipeline.yaml"), tools: ["copy": keys]).stages.first)
        }
        #expect(try stage("{ tool: copy, retry: { attempts: 5 } }", keys: ["retry"]).retry.attempts == 5)
        #expect(
            problems { _ = try stage("{ tool: copy, retry: { attempts: 5 } }", keys: []) }.first?.message
                == "stage \"a\" has an unknown key `retry`")
        #expect(
            problems { _ = try stage("{ tool: copy, retry: { limit: 5 } }", keys: ["retry"]) }.first?.message
                == "`retry` of stage \"a\" has an unknown key `limit`")
    }
}
