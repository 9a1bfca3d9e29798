import ArgumentParser

/// Prints the manual page. Hidden: `docs/epbuild.1` is what it prints, and a test compares them.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints the manual page, in troff.", shouldDisplay: false)

    func run() throws { Console.answer(try ManualPage().text) }
}
