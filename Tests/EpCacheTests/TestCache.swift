import EpCache
import EpCore
import EpFiles
import FoundationEssentials
import Glibc
import Synchronization
import Testing

/// A cache in a temporary directory of its own, removed with this value.
final class TestCache: Sendable {
    let directory: String
    let cache: DiskCache
    private let reports: Reports

    init(parent: String = "/tmp", patience: Duration = DiskCache.patience, pause: Pause = .system) throws {
        directory = "\(parent)/epcache-test-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let reports = Reports()
        self.reports = reports
        cache = try DiskCache(path: "\(directory)/cache", patience: patience, pause: pause) { report in
            reports.list.withLock { $0.append(report) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Damage reported since the last call.
    func takeReports() -> [Diagnostic] {
        reports.list.withLock { list in
            defer { list = [] }
            return list
        }
    }

    /// Another instance on the same directory: to the kernel's locks it is another process.
    func another(pause: Pause = .system) throws -> DiskCache { try DiskCache(path: cache.path, pause: pause) }

    func entryPath(_ action: ActionDigest) -> String { "\(cache.path)/ac/\(action.hex.prefix(2))/\(action.hex)" }

    /// Publishes `texts` by path as the result of an action.
    @discardableResult
    func publish(_ texts: [String: String], for action: ActionDigest, servedBy: String = "test") async throws -> Published {
        var blobs: [StagedBlob] = []
        var outputs: [ActionResult.Output] = []
        for (path, text) in texts {
            let blob = try cache.stage(bytes: Array(text.utf8))
            blobs.append(blob)
            outputs.append(.init(path: path, digest: blob.digest))
        }
        return try await cache.publish(ActionResult(outputs: outputs, servedBy: servedBy), for: action, blobs: blobs)
    }

    private final class Reports: Sendable { let list = Mutex<[Diagnostic]>([]) }
}

/// An action digest that stands for `name`.
func action(_ name: String) -> ActionDigest { ActionDigest(digest(name)) }
func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }

/// Small blocking file operations, for tests only.
enum Disk {
    static func read(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map { Array($0) } }

    /// Replaces a file's bytes whatever its mode, in place.
    static func write(_ bytes: [UInt8], _ path: String) {
        chmod(path, 0o644)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0 && Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func status(_ path: String) -> stat {
        var status = stat()
        precondition(lstat(path, &status) == 0, path)
        return status
    }

    /// Makes a file look as if it was last used so many seconds ago.
    static func age(_ path: String, seconds: Int) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        now.tv_sec -= seconds
        precondition(utimensat(AT_FDCWD, path, [now, now], 0) == 0, path)
    }

    /// All regular files below a directory.
    static func files(_ directory: String) -> [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: directory))?
            .map { "\(directory)/\($0)" }.filter { status($0).st_mode & S_IFMT == S_IFREG }.sorted() ?? []
    }
}
