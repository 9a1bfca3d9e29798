import EpHTTP
import Testing

@Suite struct EventStreamTests {
    private func events(_ text: String, piecesOf size: Int) -> [EventStream.Event] {
        var stream = EventStream()
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: size).flatMap { stream.read(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    /// However a body is cut into pieces, also within a letter or a line end, it says the same.
    @Test(arguments: ["\n", "\r\n", "\r"]) func piecesOfAnySizeGiveTheSameEvents(_ end: String) {
        let lines = [
            "\u{FEFF}: a comment", "event: content_block_delta", "data: {\"text\":\"Zoë 🚀\"}", "", "data:first", "data: second", "id: 7",
            "", "data: [DONE]", "",
        ]
        let text = lines.joined(separator: end) + end
        let expected = [
            EventStream.Event(name: "content_block_delta", data: "{\"text\":\"Zoë 🚀\"}"), .init(data: "first\nsecond"),
            .init(data: "[DONE]"),
        ]
        for size in 1...text.utf8.count { #expect(events(text, piecesOf: size) == expected, "pieces of \(size)") }
    }

    @Test func whatBreaksOffIsNoEvent() {
        #expect(events("data: whole\n\ndata: half", piecesOf: 4) == [.init(data: "whole")])
        #expect(events("data: no empty line behind\n", piecesOf: 4) == [])
    }

    @Test func oddLinesSayNothing() {
        #expect(events("event: ping\n\n: only a comment\n\nretry: 10\nunknown\n\ndata\n\n", piecesOf: 3) == [.init(data: "")])
        #expect(events("data:  two blanks\n\n", piecesOf: 3) == [.init(data: " two blanks")])
    }
}
