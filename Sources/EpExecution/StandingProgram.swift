import EpCore
import EpFiles
import EpPlan
import Glibc
import Synchronization

/// A program that has stayed for its next question.
///
/// It reads a line for each, the name of a file in its directory, and answers with `ok LENGTH`, a line feed and so many bytes. It ends
/// when it can read no more. It is asked one question at a time.
final class StandingProgram: Sendable {
    private let name: String
    private let home: TemporaryHome
    private let log: ProgramLog
    private let run: SupervisedRun
    /// This end of the socket that is its standard input and output.
    private let socket: Int32
    private let state = Mutex(State())

    private struct State {
        var hasAnswered = false
        /// It has said what is no answer: from then on nothing that it says can be told apart.
        var isStrange = false
        /// Somebody waits for its end.
        var isEnding = false
    }

    var hasAnswered: Bool { state.withLock(\.hasAnswered) }

    /// - Parameters:
    ///   - home: the directory that it runs in.
    ///   - log: has what it complains of.
    ///   - socket: closed by this value.
    init(_ name: String, in home: TemporaryHome, _ log: ProgramLog, _ run: SupervisedRun, _ socket: Int32) {
        (self.name, self.home, self.log, self.run, self.socket) = (name, home, log, run, socket)
    }

    /// False once it has ended: then its socket can be read, as it says nothing unasked.
    var isThere: Bool {
        var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) == 0
    }

    /// - Throws: `StepFailure` if it has ended over the question, with its exit status unless a signal has ended it; `CancellationError`.
    func answer(about file: (name: String, bytes: [UInt8])) async throws -> String {
        let path = "\(home.path)/\(file.name)"
        try Files.create(path, with: file.bytes, mode: 0o644)
        defer { unlink(path) }
        let answer = await withTaskCancellationHandler {
            await reply(to: file.name)
        } onCancel: {
            run.stop()
        }
        guard let answer else { throw try await failure() }
        state.withLock { $0.hasAnswered = true }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Why it has not answered, once it has ended.
    private func failure() async throws -> any Error {
        state.withLock { $0.isEnding = true }
        let end = await run.end
        try Task.checkCancellation()
        if !state.withLock(\.isStrange), let failure = ProgramRunner.failure(of: name, end, log) { return failure }
        return ProgramRunner.failure("\(name) does not answer as a program that stays", log.lastLines, status: 0)
    }

    /// Nil if it has ended, or says something else.
    private func reply(to question: String) async -> [UInt8]? {
        let line = Array("\(question)\n".utf8)
        guard retrying({ send(socket, line, line.count, Int32(MSG_NOSIGNAL)) }) == line.count else { return nil }
        var bytes: [UInt8] = []
        while true {
            if let (length, start) = Self.head(of: bytes) {
                if bytes.count == start + length { return Array(bytes[start...]) }
                if length < 0 || bytes.count > start + length { break }
            } else if bytes.count > 64 {
                break
            }
            let more = await nextBytes()
            guard !more.isEmpty else { return nil }
            bytes += more
        }
        state.withLock { $0.isStrange = true }
        run.stop()
        return nil
    }

    /// How long an answer is, and where it begins; nil until that has come. −1 if it is no answer.
    private static func head(of bytes: [UInt8]) -> (length: Int, start: Int)? {
        guard let end = bytes.prefix(64).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 2, words[0] == "ok", let length = Int(words[1]), (0...(1 << 26)).contains(length) else { return (-1, end + 1) }
        return (length, end + 1)
    }

    /// Empty at the end.
    private func nextBytes() async -> [UInt8] {
        await withCheckedContinuation { continuation in
            DescriptorWatch.shared.whenReadable(socket) { [socket] in
                var room = [UInt8](repeating: 0, count: 1 << 16)
                let count = retrying { recv(socket, &room, room.count, 0) }
                continuation.resume(returning: Array(room.prefix(max(0, count))))
            }
        }
    }

    /// Ends it, and does not wait for that.
    func leave() {
        let isEnding = state.withLock { state in
            defer { state.isEnding = true }
            return state.isEnding
        }
        guard !isEnding else { return }
        run.stop()
        // Somebody has to wait for it: its supervisor watches over another program then.
        Task.detached { [run] in _ = await run.end }
    }

    deinit {
        leave()
        close(socket)
    }
}
