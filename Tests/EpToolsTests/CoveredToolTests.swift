import EpCore
import EpPlan
import Testing

@testable import EpTools

/// What earlier episodes have explained.
@Suite struct CoveredToolTests {
    private func planned(_ own: String, _ others: [(name: String, facts: String, concept: String?)]) throws -> PlannedEpisode {
        let planned = try PlannedEpisode("covered: { tool: covered }", episode: own)
        planned.memory.neighbours = try others.map { name, facts, concept in
            let shown = "show/\(name)/episode.yaml"
            let node = facts.isEmpty ? nil : try Node(parsing: Array(facts.utf8), file: shown)
            return (Neighbour(directory: "/w/show/\(name)", name: name, shown: shown, facts: node), concept)
        }
        try planned.plan()
        return planned
    }

    @Test func earlierOnesCountInTheirOrder() throws {
        let planned = try planned(
            "{ number: 3, season: 1 }",
            [
                ("b", "number: 2\nseason: 1", "{\"concept\": \"ebb\"}"), ("a", "number: 1\nseason: 1", "{\"concept\": \"flow\"}"),
                ("c", "number: 4\nseason: 1", "{\"concept\": \"later\"}"), ("d", "number: 9", "{\"concept\": \"of no season\"}"),
                ("e", "title: x", "{\"concept\": \"without a number\"}"), ("ep", "number: 1\nseason: 1", "{\"concept\": \"itself\"}"),
            ])
        #expect(try planned.text("covered") == "- of no season\n- flow\n- ebb")
        #expect(planned.planner.warnings.isEmpty && planned.planner.steps.isEmpty)
    }

    @Test func anEpisodeWithoutANumberComesLast() throws {
        let planned = try planned(
            "title: x", [("a", "number: 1", "{\"concept\": \"flow\"}"), ("b", "number: 2", "{\"concept\": \"ebb\"}")])
        #expect(try planned.text("covered") == "- flow\n- ebb")
    }

    @Test func whatIsNotKnownIsWarnedOf() throws {
        let planned = try planned(
            "number: 5",
            [("a", "number: 1", nil), ("b", "number: 2\npublish: false", nil), ("c", "number: 5", nil), ("d", "", nil)])
        let warnings = planned.planner.warnings.map(\.message)
        #expect(warnings.count == 3, "\(warnings)")
        #expect(warnings.contains { $0.hasPrefix("covered does not know a yet") })
        #expect(warnings.contains("this episode and c both have number 5, so neither is earlier for covered"))
        #expect(warnings.contains("covered leaves out d, as its episode.yaml cannot be read"))
        #expect(try planned.text("covered") == "[]")
    }

    @Test(arguments: ["{}", "{\"concept\": null}", "{\"concept\": [1, {\"a\": 2}]}"]) func oddRecordsAreNoMistake(concept: String) throws {
        let planned = try planned("number: 5", [("a", "number: 1", concept)])
        #expect(try Node(parsing: Array(planned.text("covered").utf8), file: "covered.yaml").value.list != nil)
    }
}
