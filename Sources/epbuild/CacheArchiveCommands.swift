import ArgumentParser
import EpCache
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpRemote

struct CacheExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes what episodes are built from into one file, to carry it to another machine.",
        usage: "epbuild cache export FILE PATH… [--json]")

    @Argument(help: "The file, such as season.tar. It is replaced when the new one is whole.")
    var file: String

    @OptionGroup var arguments: SharingArguments

    func run() async throws {
        let store = try ArchiveStore(creating: Setting().absolute(file))
        do {
            try await arguments.run { desk, place in
                let answer = try await desk.push(place, into: store)
                let words = [answer.isEmpty ? "nothing of it is built here" : "\(Number.of(answer.pushed.shared, "result")) in \(file)"]
                return [.init(episode: answer.episode, words: words, failed: answer.pushed.failed, value: answer.value)]
            }
        } catch let end as EarlyEnd {
            // Some results failed, which has been told; the others are worth carrying.
            try store.finish()
            throw end
        }
        try store.finish()
    }
}

struct CacheImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Copies what `cache export` has written into the local cache; runs nothing.",
        usage: "epbuild cache import FILE [--json]")

    @Argument(help: "The file.")
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let scratch = try composition.cache().makeScratch()
        defer { scratch.close() }
        let contents = try ArchiveReader(Setting().absolute(file), into: scratch.path).unpack()
        let answer = try await composition.desk().take(contents.results, from: DirectoryStore(path: scratch.path))
        let taken = answer.taken
        if contents.strangers > 0 {
            Console.report(
                Diagnostic(
                    .badInput, "\(Number.of(contents.strangers, "file")) of \(file) belong to no cache and were left out",
                    severity: .warning))
        }
        if json {
            Console.answer(answer.value.json())
        } else {
            let rest =
                (taken.known > 0 ? ["\(taken.known) were here"] : [])
                + (taken.failed > 0 ? ["\(taken.failed) failed: damaged, or not whole"] : [])
            Console.answer("\(file): \((["\(Number.of(taken.copied, "result")) copied"] + rest).joined(separator: ", "))")
        }
        if taken.failed > 0 { throw EarlyEnd(status: .unavailable) }
    }
}
