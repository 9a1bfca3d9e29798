import ArgumentParser
import EpCache
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "The cache: contents, trimming, healing, sharing.",
        subcommands: [
            CacheInfoCommand.self, CacheVerifyCommand.self, CacheTrimCommand.self, CachePushCommand.self, CachePullCommand.self,
            CacheExportCommand.self, CacheImportCommand.self,
            CacheKeysCommand.self, CacheSignCommand.self, CacheServeCommand.self,
        ])
}

struct CacheInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "What the local cache holds.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let answer = CacheInfoAnswer(composition.cache().info(), at: composition.setting.cachePath)
        if json { return Console.answer(answer.value.json()) }
        let info = answer.info
        Console.answer(answer.path)
        Console.answer("  \(info.entries) results, \(info.blobs) blobs, \(Size.text(info.bytes))")
        if info.damagedFiles > 0 { Console.answer("  \(info.damagedFiles) damaged files set aside") }
    }
}

struct CacheVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads everything; sets damage aside, so that what is needed is made anew. With --signatures: looks who has signed.",
        usage: "epbuild cache verify [--json]\n       epbuild cache verify --signatures PATH… [--json]")

    @OptionGroup var arguments: SharingArguments

    @Flag(help: "Look who has signed what episodes are built from, in the workspace's shared caches.")
    var signatures = false

    private var json: Bool { arguments.json }

    /// - Throws: `EarlyEnd` with status 1 if anything was damaged, or is not taken for want of a signature.
    func run() async throws {
        guard signatures else {
            guard arguments.paths.isEmpty else {
                throw Diagnostic(
                    .usage, "the local cache is verified as a whole",
                    remedy: "take the path out, or look who has signed its results: --signatures")
            }
            return try await verify()
        }
        var refused = 0
        try await arguments.run { desk, place in
            try await desk.signatures(of: place).map { answer in
                refused += answer.vouched.refused
                return .init(episode: answer.episode, words: answer.words, failed: answer.vouched.failed, value: answer.value)
            }
        }
        if refused > 0 { throw EarlyEnd(status: .failed) }
    }

    private func verify() async throws {
        let found = try await Composition().cache { if !json { Console.report($0) } }.verify()
        if json {
            Console.answer(found.value.json())
        } else {
            let state =
                found.isSound
                ? "sound" : "\(found.damage.count) damaged, \(found.danglingEntries) results without their blobs: build again to heal"
            Console.answer("\(found.entries) results, \(found.blobs) blobs, \(Size.text(found.bytes)): \(state)")
            if found.foreignEntries > 0 {
                Console.answer("  \(Number.of(found.foreignEntries, "result")) of other clients: whole, and no build here takes them")
            }
            if found.unboundEntries > 0 {
                Console.answer(
                    "  \(Number.of(found.unboundEntries, "result")) by an older epbuild: whole, but nothing in them tells which action "
                        + "they are for"
                )
            }
        }
        if !found.isSound { throw EarlyEnd(status: .failed) }
    }
}

struct CacheTrimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Removes what was least recently used, never what the last builds refer to.")

    @Option(help: "How much may stay: a number with K, M, G or T.")
    var size: String?

    @Option(help: "What was not used for so many days goes.")
    var days: Double?

    @Flag(name: [.customShort("n"), .long], help: "Say what would go; remove nothing.")
    var dryRun = false

    @Flag(help: "Also what was used within the last hour; endangers builds that are running.")
    var now = false

    /// Some centuries: times are counted in nanoseconds.
    private static let mostDays = 100_000.0

    func run() async throws {
        let limit = try size.map { text in
            guard let bytes = Size.bytes(text) else {
                throw Diagnostic(.usage, "\"\(text)\" is no size", remedy: "write a number with K, M, G or T: 20G")
            }
            return bytes
        }
        if let days, !(0...Self.mostDays).contains(days) { throw Diagnostic(.usage, "--days takes a number from 0 to 100000") }
        let cache = Composition().cache()
        try cache.requireWriting()
        let remembered = try cache.remembered()
        let trimmed = try cache.gc(
            maxBytes: limit, olderThan: days.map { .seconds($0 * 86_400) }, dryRun: dryRun, protecting: remembered.actions,
            blobs: remembered.blobs,
            sparing: now ? .zero : .seconds(3600))
        let verb = dryRun ? "would remove" : "removed"
        Console.answer(
            "\(verb) \(trimmed.entries) results and \(trimmed.blobs) blobs (\(Size.text(trimmed.bytesFreed))); "
                + "\(Size.text(trimmed.bytesKept)) stay"
        )
        if trimmed.abandonedDirectories > 0 { Console.answer("\(verb) what \(trimmed.abandonedDirectories) dead processes left in tmp/") }
    }
}
