import Dispatch
import EpCore
import EpFiles
import Glibc
import Synchronization

/// A player that is given sounds while they come to be: one program for each edit, which the next edit ends.
final class SoundPipe: Sendable {
    private let player: Player
    /// Writes, as a player takes its sound no faster than it plays it.
    private let queue = DispatchQueue(label: "SoundPipe")
    private let playing = Mutex<(process: pid_t, pipe: Int32)?>(nil)

    init(_ player: Player) { self.player = player }

    /// Plays MP3 frames behind those that play now.
    /// - Throws: `Diagnostic` if the player cannot be started.
    func play(_ frames: [UInt8]) throws(Diagnostic) {
        let pipe = try playing.withLock { playing throws(Diagnostic) in
            if let playing { return playing.pipe }
            var ends: [Int32] = [-1, -1]
            // Not a pipe: no program that is started meanwhile may hold the other end, and a player that ends must not end this program by
            // SIGPIPE.
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
                throw Diagnostic(.system, "no pipe can be made: \(SystemError.last.reason)")
            }
            defer { close(ends[0]) }
            do throws(Diagnostic) {
                playing = (try player.start(reading: ends[0]), ends[1])
            } catch {
                close(ends[1])
                throw error
            }
            return ends[1]
        }
        queue.async {
            var rest = frames[...]
            while !rest.isEmpty,
                case let count = rest.withUnsafeBytes({ bytes in
                    retrying { send(pipe, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
                }), count > 0
            {
                rest = rest.dropFirst(count)
            }
        }
    }

    /// What has been given is played to its end.
    func finish() { release { _ in } }

    /// What plays ends now. May be called from any thread.
    func stop() { release { kill($0, SIGTERM) } }

    private func release(_ end: (pid_t) -> Void) {
        guard let (process, pipe) = playing.withLock({ playing in
            defer { playing = nil }
            return playing
        }) else { return }
        end(process)
        queue.async { close(pipe) }
        DispatchQueue.global().async {
            var status: Int32 = 0
            retrying { waitpid(process, &status, 0) }
        }
    }
}
