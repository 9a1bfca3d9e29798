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

    private static let sounds = ["mp3", "m4a", "m4b", "opus", "ogg", "flac", "wav", "aac"]
    private static let films = ["mp4", "mkv", "webm", "mov"]

    /// True for names of sounds and films.
    static func plays(_ name: String) -> Bool { (sounds + films).contains { name.lowercased().hasSuffix(".\($0)") } }
    /// True for names of what is delivered as a whole.
    static func isWhole(_ name: String) -> Bool { plays(name) && !name.lowercased().hasSuffix(".wav") }

    /// The program and the words before the file's path.
    private let words: [String]

    /// - Throws: `Diagnostic` (unavailable) if the machine has no player.
    init(_ setting: Setting) throws(Diagnostic) {
        if let own = Setting.variable("EPBUILD_PLAYER") {
            words = own.split(separator: " ").map(String.init)
            return
        }
        let directories = setting.searchPath.split(separator: ":").map(String.init)
        for player in Self.known {
            let paths: [String] = directories.map { "\($0)/\(player.name)" }
            if let path = paths.first(where: { access($0, X_OK) == 0 }) {
                words = [path] + player.words
                return
            }
        }
        throw Diagnostic(
            .unavailable, "this machine has no player: \(Self.known.map(\.name).joined(separator: ", ")) are not there",
            remedy: "apt-get install ffmpeg; or name one in EPBUILD_PLAYER; `--save FILE` writes it to a file")
    }

    /// Plays a file to its end.
    /// - Throws: `Diagnostic` if the player cannot be run or ends with another status than 0.
    func play(_ path: String, named name: String) async throws {
        Console.say("▶ \(name)")
        guard let program = words.first else { throw Diagnostic(.usage, "EPBUILD_PLAYER names no program") }
        var process = pid_t()
        var arguments = (words + [path]).map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        errno = posix_spawnp(&process, program, nil, nil, &arguments, environ)
        guard errno == 0 else { throw Diagnostic(.unavailable, "\(program) cannot be started: \(SystemError.last.reason)", remedy: "name a player in EPBUILD_PLAYER") }
        let status = await Self.end(of: process)
        if status & 0x7F != 0 { throw EarlyEnd(status: .interrupted) }
        guard status >> 8 == 0 else {
            throw Diagnostic(.actionFailed, "\(program) ended with status \(status >> 8)", remedy: "see what it says above; EPBUILD_PLAYER names another")
        }
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
