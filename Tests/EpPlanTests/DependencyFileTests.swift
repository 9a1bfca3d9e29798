import EpCore
import Testing

@testable import EpPlan

/// Rules of Make, as compilers write them.
@Suite struct DependencyFileTests {
    private func read(_ text: String) throws -> [String] {
        try DependencyFile(parsing: Array(text.utf8), file: "a.d").dependencies.map(\.path)
    }

    @Test(
        arguments: [
            ("a.o: b.c c.h\n", ["b.c", "c.h"]), ("a.o:", []), ("", []), ("# nothing\n\n", []),
            ("a.o: b.c \\\n  c.h \\\n  d.h\n", ["b.c", "c.h", "d.h"]), ("a.o: b.c \\\r\n c.h\r\n", ["b.c", "c.h"]),
            ("a.o b.o : x\ny: z # and so on\n", ["x", "z"]),
            ("a: my\\ file x\\#1 at\\:noon $$HOME a\\b\n", ["my file", "x#1", "at:noon", "$HOME", "a\\b"]),
            ("a :: b | c\n", ["b", "c"]), ("a\\:b: c:d\n", ["c:d"]), ("a: \\\n\n", []), ("b.h:\n", []),
        ] as [(String, [String])])
    func rules(_ text: String, _ paths: [String]) throws { #expect(try read(text) == paths) }

    @Test func eachHasItsPlace() throws {
        let file = try DependencyFile(parsing: Array("a: b \\\n   c\n\nd: e\n".utf8), file: "a.d")
        #expect(file.dependencies.map(\.location) == [(1, 4), (2, 4), (4, 4)].map { SourceLocation(file: "a.d", line: $0.0, column: $0.1) })
    }

    @Test(arguments: [
        ("a b\n", 1, 1, "no colon"), ("a: b\nc\n", 2, 1, "no colon"), ("a: $(B)\n", 1, 4, "a variable of Make"),
        ("a: b\n\techo\n", 2, 1, "a command stands here"),
        ("a: b\0c\n", 1, 5, "a zero byte"),
    ])
    func mistakes(_ text: String, _ line: Int, _ column: Int, _ says: String) throws {
        let found = problems { _ = try read(text) }
        #expect(
            found.first?.location == SourceLocation(file: "a.d", line: line, column: column) && found.first?.message.contains(says) == true,
            "\(found)")
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let found = problems { _ = try DependencyFile(parsing: Array("a: ".utf8) + [0xFF, 0x0A], file: "a.d") }
        #expect(found.first?.message.contains("no UTF-8") == true)
    }
}
