import FoundationEssentials
import Glibc
import Testing

/// The live view in a real terminal: tmux.
@Suite struct LiveViewTests {
    /// A pane of a tmux server of its own, ended with this value.
    private final class Pane {
        private let name = "epbuild-\(UUID().uuidString.prefix(8))"
        private let machine: Machine

        init(_ machine: Machine, width: Int, height: Int) async throws {
            self.machine = machine
            _ = try await tmux("-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "exec env PS1='$ ' sh")
            // What is typed before the shell is ready is echoed twice, and its prompt stands in the midst of the output.
            try await shows("$")
        }

        @discardableResult
        func tmux(_ words: String...) async throws -> String {
            let environment = machine.environment(["LANG": "C.UTF-8", "TERM": "xterm-256color"])
            return try await Program.run(["tmux", "-u", "-L", name] + words, in: machine.workspace, environment: environment).output
        }

        func type(_ words: String...) async throws { for word in words { try await tmux("send-keys", word) } }

        var lines: [String] {
            get async throws { try await tmux("capture-pane", "-p", "-S", "-200").split(separator: "\n").map(String.init) }
        }

        /// Waits until a line that begins so stands there.
        func shows(_ beginning: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
            try await becomes("a line begins with \(beginning)", sourceLocation: sourceLocation) { $0.contains { $0.hasPrefix(beginning) } }
        }

        /// Waits until what stands there is as it should be.
        func becomes(_ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ isSo: ([String]) -> Bool) async throws {
            for _ in 0..<6000 {
                if try await isSo(lines) { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("\(what): not so:\n\(try await lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
        }

        func end() async throws { try await tmux("kill-server") }
    }

    /// How many stand there; a long line goes on in the next.
    private func failures(_ lines: [String]) -> Int { lines.joined().ranges(of: "error: counts/").count }

    private static let program = (["/usr/bin/tmux", "/usr/local/bin/tmux"] as [String]).first { access($0, X_OK) == 0 }

    @Test func inATerminal() async throws {
        guard Self.program != nil else { return print("inATerminal: skipped, as there is no tmux") }
        let machine = try Machine()
        // Actions that take as long as the test wants.
        let gate = "\(machine.directory)/go"
        try machine.replace("wc -l", with: "until [ -e \(gate) ]; do sleep 0.1; done; wc -l", in: "letters/pipeline.yaml")
        try machine.replace(
            "LC_ALL=C sort words.txt", with: "if grep -q stone words.txt; then echo it is sad >&2; exit 3; fi; sort words.txt",
            in: "letters/pipeline.yaml")
        try machine.write(Array("A stone.".utf8), to: "\(Machine.letters)/texts/月の石🦉.txt")
        let pane = try await Pane(machine, width: 80, height: 24)
        try await pane.type("\(Program.epbuild) -k -j 8 \(Machine.letters)", "Enter")
        try await pane.shows("  2 failed")
        // The picture is at the bottom, the failures stand above it, each once.
        let before = try await pane.lines
        #expect(failures(before) == 2, "\(before)")
        #expect(
            before.filter { $0.hasPrefix("  totals  ") }.count == 1 && before.contains { $0.hasPrefix("  words") && $0.contains("4/4") },
            "\(before)")
        // Time goes on while nothing happens.
        let headline = try #require(before.first { $0.hasPrefix("letters/letter-to-the-sea · ") })
        try await pane.becomes("the headline goes on") { !$0.contains(headline) }
        // A wider and a narrower terminal.
        for width in [120, 60] {
            try await pane.tmux("resize-window", "-x", "\(width)")
            let stale = try await pane.lines.first { $0.hasPrefix("letters/letter-to-the-sea · ") }
            try await pane.becomes("one picture, drawn since, and two failures at \(width) columns") { lines in
                !lines.contains { $0 == stale } && lines.count { $0.hasPrefix("  totals  ") } == 1 && failures(lines) == 2
            }
        }
        try await pane.type("C-c")
        try await pane.shows("stopping: ")
        try Data().write(to: URL(filePath: gate))
        try await pane.shows("letters/letter-to-the-sea: failed after")
        let after = try await pane.lines
        #expect(!after.contains { $0.hasPrefix("  totals  ") } && failures(after) == 2, "\(after)")
        #expect(try await pane.tmux("display-message", "-p", "#{cursor_flag}") == "1\n")
        try await pane.end()
    }
}
