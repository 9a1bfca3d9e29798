import ArgumentParser
import EpCore

struct CompletionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Prints what makes a shell complete commands, episodes and stages.",
        usage: "epbuild completions bash|zsh|fish",
        discussion: """
            Write what it prints into a file that the shell reads:

              bash  ~/.local/share/bash-completion/completions/epbuild
              zsh   _epbuild, in a directory of $fpath
              fish  ~/.config/fish/completions/epbuild.fish
            """)

    @Argument(help: "bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"]))
    var shell: String

    func run() async throws {
        guard let known = CompletionShell(rawValue: shell) else {
            throw Diagnostic(
                .usage, "there are no completions for \"\(shell)\"", remedy: Suggestion.remedy(for: shell, in: ["bash", "zsh", "fish"]))
        }
        Console.answer(ShellScript(for: known).text)
    }
}
