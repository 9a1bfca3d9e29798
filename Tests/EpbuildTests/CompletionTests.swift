import Testing

/// `epbuild completions`, asked by a real bash as its own completion would.
@Suite struct CompletionTests {
    private static let letter = Machine.letters

    /// The words that bash would offer for the last word of each command line.
    private func offers(_ lines: [[String]]) async throws -> [Set<String>] {
        let machine = try Machine()
        let calls = lines.map { words in
            let quoted = words.map { "'\($0)'" }.joined(separator: " ")
            return
                "COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()\n"
                + "_epbuild epbuild '\(words[words.count - 1])' '\(words[words.count - 2])'; echo \"${COMPREPLY[*]}\""
        }
        let bin = Program.epbuild.prefix(upTo: Program.epbuild.lastIndex(of: "/")!)
        let script =
            "set -e; PATH=\(bin):$PATH; source <(epbuild completions bash); complete -p epbuild > /dev/null; set +e\n"
            + calls.joined(separator: "\n")
        let outcome = try await Program.run(["bash", "-c", script], in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 0 && outcome.errors == "", "\(outcome)")
        return outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map {
            Set($0.split(separator: " ").map(String.init))
        }
    }

    @Test func commandsDirectoriesAndStagesAreOffered() async throws {
        let offered = try await offers([
            ["epbuild", "sta"], ["epbuild", "let"], ["epbuild", "letters/"], ["epbuild", Self.letter, "t"],
            ["epbuild", "why", Self.letter, "co"],
            ["epbuild", "build", "--json", Machine.moon, "audio"], ["epbuild", "cache", "ver"], ["epbuild", "completions", ""],
            ["epbuild", "build", "--dry"],
            ["epbuild", "clean", Self.letter, "nosuch"],
        ])
        #expect(
            offered.prefix(10) == [
                ["status"], ["letters"], [Self.letter], ["ten-chapter-novel", "texts", "totals"], ["counts"],
                ["audio_synthesis", "audio_mixing"], ["verify"],
                ["bash", "zsh", "fish"], ["--dry-run"], [],
            ])
    }

    /// What is put into the generated scripts is there; `zsh` and `fish` are not on every machine.
    @Test(arguments: [
        ("zsh", "_files -/ && ret=0"), ("zsh", "*)\n            _epbuild_build"), ("fish", "-ge 2' -fka"),
        ("bash", "_epbuild_build\n            return"),
    ])
    func thePathsOfADefaultBuildAreOffered(_ shell: String, _ text: String) async throws {
        let machine = try Machine()
        let outcome = try await machine.run("completions", shell)
        #expect(outcome.output.contains(text))
        #expect(!outcome.output.contains("__epbuild_tokens -tC"))
    }

    @Test func anotherShellIsRefused() async throws {
        try await Machine().run("completions", "zhs").expect(64, errors: "no completions for \"zhs\"", "did you mean \"zsh\"?")
    }
}
