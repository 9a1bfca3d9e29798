import Dispatch
import EpComposition
import EpCore
import EpFiles
import Glibc

/// The program that lets a person hear something.
struct Player {
    /// Players that are looked for, best first, with the words before the file.
    static let known: [(name: String, words: [String])] = [
        ("mpv", ["--no-terminal", "--force-window=no"]), ("ffplay", ["-nodisp", "-autoexit", "-loglevel", "error"]), ("pw-play", []),
        ("paplay", []), ("aplay", ["-q"]), ("play", ["-q"]),
    ]

    /// Words before `-` with which some play MP3 frames from their standard input, as they come.
    private static let pipes = ["mpv": ["--cache=no"], "ffplay": ["-probesize", "4096", "-f", "mp3"], "play": ["-t", "mp3"]]

    /// The program and the words before the file's path.
    private let words: [String]
    /// The same before `-`, for one that can play what comes through a pipe.
    private let pipeWords: [String]

    /// - Throws: `Diagnostic` (unavailable) if the machine has no player.
    /// - Parameter ofPipes: one that plays what comes through a pipe.
    init(_ setting: Setting, ofPipes: Bool = false) throws(Diagnostic) {
        if let own = Setting.variable("EPBUILD_PLAYER") {
            words = own.split(separator: " ").map(String.init)
            pipeWords = words
            return
        }
        let directories = setting.searchPath.split(separator: ":").map(String.init)
        let players = Self.known.filter { !ofPipes || Self.pipes[$0.name] != nil }
        for player in players {
            let paths: [String] = directories.map { "\($0)/\(player.name)" }
            if let path = paths.first(where: { access($0, X_OK) == 0 }) {
                words = [path] + player.words
                pipeWords = words + Self.pipes[player.name, default: []]
                return
            }
        }
        throw Diagnostic(
            .unavailable, "this machine has no player: \(players.map(\.name).joined(separator: ", ")) are not there",
            remedy: "apt-get install ffmpeg; or name one in EPBUILD_PLAYER; `--save FILE` writes it to a file")
    }

    /// Plays a file to its end.
    /// - Throws: `Diagnostic` if the player cannot be run or ends with another status than 0.
    func play(_ path: String, named name: String) async throws {
        Console.say("▶ \(name)")
        let process = try Self.start(words + [path], input: nil)
        let status = await Self.end(of: process)
        if status & 0x7F != 0 { throw EarlyEnd(status: .interrupted) }
        guard status >> 8 == 0 else {
            throw Diagnostic(
                .actionFailed, "\(words[0]) ended with status \(status >> 8)",
                remedy: "see what it says above; EPBUILD_PLAYER names another")
        }
    }

    /// Starts a player of what comes through a pipe.
    func start(reading input: Int32) throws(Diagnostic) -> pid_t { try Self.start(pipeWords + ["-"], input: input) }

    private static func start(_ words: [String], input: Int32?) throws(Diagnostic) -> pid_t {
        guard words.count > 1 else { throw Diagnostic(.usage, "EPBUILD_PLAYER names no program") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        var process = pid_t()
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        errno = posix_spawnp(&process, words[0], &actions, nil, &arguments, environ)
        guard errno == 0 else {
            throw Diagnostic(
                .unavailable, "\(words[0]) cannot be started: \(SystemError.last.reason)", remedy: "name a player in EPBUILD_PLAYER")
        }
        return process
    }

    /// As `waitpid` gives it.
    private static func end(of process: pid_t) async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status: Int32 = 0
                retrying { waitpid(process, &status, 0) }
                continuation.resume(returning: status)
            }
        }
    }
}
