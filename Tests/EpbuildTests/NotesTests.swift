import FoundationEssentials
import Testing

/// An episode's notes as a text of the person's.
@Suite struct NotesTests {
    /// Notes are a text in the episode: what a person makes of it is told wherever the episode tells of itself.
    @Test func notesAreWrittenByAPerson() async throws {
        let machine = try await Machine.withMoonBuilt()
        let (pipeline, out) = ("olivers-workshop/pipeline.yaml", "\(Machine.moon)/out/002-why-the-moon-changes-shape")
        try machine.replace(
            "  package:            { tool: package, from: [audio_mixing, script_generation, cover] }",
            with:
                "  notes: { tool: notes, from: [script_generation], output: notes.md, editable: true }\n  package: { tool: package, from: [audio_mixing, script_generation, cover, notes] }",
            in: pipeline)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0, "notes": 1])
        let generated = try machine.text("\(Machine.moon)/notes.md")
        #expect(try machine.text("\(out).notes.md").contains(generated.trimmingPrefix("\n")))
        try machine.edit("\(Machine.moon)/notes.md") { $0 + "\nMore: [the *phases*](https://moon.example/a?b=1&c=2), says <b>Ann</b>.\n" }
        let outcome = try await machine.run("olivers-workshop", "--json")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try machine.text("\(out).notes.md").contains("[the *phases*](https://moon.example/a?b=1&c=2), says <b>Ann</b>."))
        let html = "<a href=\"https://moon.example/a?b=1&amp;c=2\">the <em>phases</em></a>, says &lt;b&gt;Ann&lt;/b&gt;."
        #expect(try machine.text("\(out).html").contains(html))
        #expect(
            try machine.text("olivers-workshop/out/feed.xml").contains(
                html.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
            ))
        let head = try machine.read("\(out).mp3").prefix(20_000)
        #expect(head.firstRange(of: Array("the phases (https://moon.example/a?b=1&c=2), says <b>Ann</b>.".utf8)) != nil)
    }
}
