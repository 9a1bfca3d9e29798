import Testing

@testable import ServerCore

@Suite struct StageDrawingTests {
    private func node(_ name: String) -> StageDrawing.Node { .init(name: name, state: "stale", detail: "1 of 2", path: "/\(name)") }

    @Test func eachStandsBehindWhatItReads() throws {
        let names = ["script", "voices", "mix", "notes"]
        let drawing = StageDrawing(
            names.map(node), edges: [("script", "voices"), ("voices", "mix"), ("script", "mix"), ("script", "notes"), ("gone", "mix")])
        let text = drawing.html.text
        #expect(text.components(of: "class=\"edge\"") == 4)
        for name in names { #expect(text.contains("href=\"/\(name)\"")) }
        #expect(text.contains("aria-label=\"voices: stale, 1 of 2\"") && text.contains("◐ stale, 1 of 2"))
        // Boxes of one column do not lie on each other.
        let corners = text.matches(of: /<rect x="([0-9.]+)" y="([0-9.]+)"/).map { "\($0.output.1) \($0.output.2)" }
        #expect(Set(corners).count == 4)
        #expect(Set(corners.map { $0.prefix { $0 != " " } }).count == 3)
    }

    @Test func aCircleAndNothingEnd() {
        #expect(StageDrawing([node("a"), node("b")], edges: [("a", "b"), ("b", "a"), ("a", "a")]).html.text.contains("svg"))
        #expect(StageDrawing([], edges: []).html.text.isEmpty)
        #expect(!StageDrawing([node("<b>")], edges: []).html.text.contains("<b>"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
