import ArgumentParser

/// The script that makes a shell complete our command lines.
///
/// It is generated from the commands, but what generates it knows nothing of `epbuild PATH` being `epbuild build PATH`. So a few lines are
/// put in
/// where it offers commands: there stand directories too, and behind a word that is no command whatever `build` takes. If a later
/// generator leaves out the place to put them, only that is lost.
struct ShellScript {
    let text: String

    init(for shell: CompletionShell) {
        let generated = Epbuild.completionScript(for: shell)
        switch shell {
        case .bash: text = generated.inserting(Self.bash, before: "        # Offer subcommand completions\n")
        case .zsh:
            text = generated.inserting(Self.zshPlaces, after: "        _describe -V subcommand subcommands && ret=0\n")
                .inserting(Self.zshBuild, after: "            \"_epbuild_${words[1]}\" && ret=0\n            ;;\n")
        default: text = generated.replacing(Self.fishCursor.asked, with: Self.fishCursor.answered) + "\n" + Self.fish
        }
    }

    private static let bash = """
                if [[ "${COMP_CWORD}" -gt 1 ]]; then
                    unparsed_words=("${subcommand}" "${unparsed_words[@]}")
                    _epbuild_build
                    return
                fi
                __epbuild_add_completions -d

        """

    private static let zshPlaces = """
                _files -/ && ret=0

        """

    private static let zshBuild = """
                *)
                    _epbuild_build && ret=0
                    ;;

        """

    /// fish 3 does not tell the cursor's place within a word when it is asked like this.
    private static let fishCursor = (asked: "(__epbuild_tokens -tC)", answered: #"(string length -- "$(commandline -tc)")"#)

    private static let fish = #"""
        complete -c 'epbuild' -n '__epbuild_should_offer_completions_for_positional "epbuild" -eq 1' -fa '(__epbuild_complete_directories)'
        complete -c 'epbuild' -n '__epbuild_should_offer_completions_for_positional "epbuild" -eq 1; and test (count (commandline -opc)) -ge 2' -fka '(__epbuild_custom_completion ---completion build -- positional@0 (count (__epbuild_tokens -pc)) (string length -- "$(commandline -tc)"))'
        """#
}

extension String {
    /// With a text before the first occurrence of another; as it is if there is none.
    fileprivate func inserting(_ text: String, before mark: String) -> String {
        firstRange(of: mark).map { String(self[..<$0.lowerBound]) + text + String(self[$0.lowerBound...]) } ?? self
    }

    fileprivate func inserting(_ text: String, after mark: String) -> String {
        firstRange(of: mark).map { String(self[..<$0.upperBound]) + text + String(self[$0.upperBound...]) } ?? self
    }
}
