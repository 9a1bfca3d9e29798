import EpCache
import EpCore
import EpFiles
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import EpEngine

/// A reproducible source of chance (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A directory of its own for one test, removed with this value.
final class TestDirectory: Sendable {
    let path: String

    init() throws {
        let made = "/tmp/epengine-test-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
        path = made
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let file = "\(path)/\(name)"
        try Files.makeDirectory(String(file[..<file.lastIndex(of: "/")!]))
        try Files.replace(file, with: Array(text.utf8))
    }

    /// Changes the bytes in place: the file stays the same inode.
    func overwrite(_ name: String, with text: String) throws {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_TRUNC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    }

    func read(_ name: String) throws -> String? { try Files.read("\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

    func stat(_ name: String) throws -> FileStatus { try #require(FileStatus("\(path)/\(name)", followingLink: true)) }

    /// Sets a file's time stamp to so many seconds before now.
    func setAge(_ name: String, seconds: Int) throws { try stamp(name, Glibc.time(nil) - seconds) }

    /// Sets a file's time stamp, in seconds since 1970.
    func stamp(_ name: String, _ seconds: Int) throws {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        let code = withUnsafePointer(to: (time, time)) { pointer in
            pointer.withMemoryRebound(to: timespec.self, capacity: 2) { utimensat(AT_FDCWD, "\(path)/\(name)", $0, 0) }
        }
        #expect(code == 0)
    }
}

func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }

/// Holds up whoever comes until it is opened.
final class Gate: Sendable {
    private let state = Mutex((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))
    private let opened = Semaphore()

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for each in waiting { each.resume() }
        opened.post()
    }

    /// For tasks: no thread waits. Two that did would hold up all others where there are two processors.
    func wait() async {
        await withCheckedContinuation { waiting in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(waiting) }
                return state.isOpen
            }
            if isOpen { waiting.resume() }
        }
    }

    /// For a thread that nobody else needs.
    func hold() {
        opened.wait()
        opened.post()
    }
}
