import FoundationEssentials
import Glibc

@testable import EpFiles

/// A directory of its own for one test, removed with this value.
final class TestDirectory: Sendable {
    let path = "/tmp/epfiles-test-\(UInt64.random(in: 0 ... .max))"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func exists(_ name: String) -> Bool { lstat(self(name)) }

    private func lstat(_ path: String) -> Bool {
        var status = stat()
        return Glibc.lstat(path, &status) == 0
    }

    /// A path with a byte that no UTF-8 text has.
    func odd(_ name: String) -> [CChar] { self("\(name)\u{1}").utf8.map { CChar(bitPattern: $0 == 1 ? 0xE4 : $0) } + [0] }
}
