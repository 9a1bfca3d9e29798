import EpCore
import EpExecution
import EpFiles
import Glibc
import Synchronization

/// The one who writes to the terminal: keeps a picture at the bottom, below whatever else is said.
///
/// The cursor is never hidden and stands below the picture, so that whatever ends the program leaves a usable terminal.
enum Screen {
    private static let picture = Mutex<[Picture.Line]>([])

    /// Puts a picture in place of the last one; an empty one takes it away.
    static func show(_ lines: [Picture.Line]) {
        picture.withLock { drawn in
            guard lines != drawn || isReflowed(drawn) else { return }
            put(up(over: drawn) + text(lines), to: STDERR_FILENO)
            drawn = lines
        }
    }

    /// Writes a text above the picture.
    static func write(_ text: String, to descriptor: Int32) {
        picture.withLock { drawn in
            guard !drawn.isEmpty, isatty(descriptor) == 1 else { return put(text, to: descriptor) }
            put(up(over: drawn) + erase, to: STDERR_FILENO)
            put(text, to: descriptor)
            put(self.text(drawn), to: STDERR_FILENO)
        }
    }

    /// The terminal's columns and rows, asked for anew as it may have been resized.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private static let erase = "\u{1B}[J"

    /// Every line is overwritten in place, so that nothing flickers.
    private static func text(_ lines: [Picture.Line]) -> String { lines.map { "\($0.text)\u{1B}[K\n" }.joined() + erase }

    /// To the picture's first line. Terminals break lines anew when they become narrower.
    private static func up(over lines: [Picture.Line]) -> String {
        let width = size.width
        let rows = lines.reduce(0) { $0 + max(1, ($1.columns + width - 1) / width) }
        return rows == 0 ? "" : "\r\u{1B}[\(rows)A"
    }

    private static func isReflowed(_ lines: [Picture.Line]) -> Bool {
        let width = size.width
        return lines.contains { $0.columns >= width }
    }

    private static func put(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// An answer that cannot be written ends the program: whoever waits for it must not take what there is of it for the whole.
    static func put(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        guard !writeAll(bytes, to: descriptor), descriptor == STDOUT_FILENO else { return }
        let problem = Files.unwritable("standard output", remedy: "write it to a disk with room; what was built or decided is kept")
        put("error: \(problem.message)\n  → \(problem.remedy ?? "")\n", to: STDERR_FILENO)
        problem.code.exitStatus.end()
    }

    /// - Returns: false, with an `errno`, if not all of them were written. Whoever shares the descriptor may have it never wait.
    static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            } else if errno == EAGAIN {
                var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&place, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
