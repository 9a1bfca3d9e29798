import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpExecution
import EpFiles

struct PlayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play", abstract: "Plays a line, any other target, or what is finished; or saves it.",
        usage: "epbuild play [PATH] [TARGET…] [--take N] [--save FILE]",
        discussion: """
            TARGET is a stage, an item, or a line's place such as `script.fountain:57`; without one, the finished episode is played. \
            EPBUILD_PLAYER names a player of your own; else \(Player.known.map(\.name).joined(separator: ", ")) are tried.
            """)

    @Argument(help: "An episode, then targets.", completion: .targets)
    var words: [String] = []

    @Option(help: "This take, which need not be the one in use.")
    var take: Int?

    @Option(help: "Write it to this file, and play nothing.")
    var save: String?

    func validate() throws {
        if let take, take < 1 { throw ValidationError("--take takes a number from 1") }
    }

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: take != nil)
        let setting = session.composition.setting
        guard !session.targets.isEmpty else {
            let file = try session.desk.finishedFile(of: session.place)
            guard let save else { return try await Player(setting).play(file, named: setting.shown(file)) }
            guard let bytes = try Files.read(file) else { throw Diagnostic(.unavailable, "\(file) is gone", remedy: "build the episode") }
            return try write(save, setting) { try Files.replace($0, with: bytes) }
        }
        let inspection = try await session.inspect()
        let files = try session.targets.flatMap {
            try session.desk.playableFiles(of: $0, take: take.map(Take.init), takesAny: save != nil, in: inspection)
        }
        if let save { return try self.save(files.map(\.file), as: save, session) }
        let player = try Player(setting)
        let home = try TemporaryHome(in: setting.temporaryDirectory)
        for playable in files {
            let path = "\(home.path)/\(Path(playable.file.name).name)"
            try session.builder.copy(playable.file, to: path)
            try await player.play(path, named: "\(playable.file.target)  \(playable.label)")
        }
    }

    private func save(_ files: [Builder.MadeFile], as path: String, _ session: TargetSession) throws {
        guard files.count == 1 else {
            throw Diagnostic(
                .usage, "that is \(files.count) files, and --save writes one", remedy: "name one item, such as \(files[0].target)")
        }
        try write(path, session.composition.setting) { try session.builder.copy(files[0], to: $0) }
    }

    private func write(_ path: String, _ setting: Setting, _ write: (String) throws -> Void) throws {
        try write(setting.absolute(path))
        Console.answer("→ \(path)")
    }
}
