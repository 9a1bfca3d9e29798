import EpCore
public import EpFiles
import Glibc
import Synchronization

/// Who has asked for what, one JSON object a line: everything but reading, and every refusal. No token, no header and no body is in it.
public final class AuditLog: Sendable {
    private let path: String
    private let descriptor: Mutex<Int32?>

    /// - Parameter path: is added to; only its owner may read it.
    public init(path: String) {
        self.path = path
        descriptor = Mutex(nil)
    }

    public func note(_ request: WebRequest, by name: String?, status: Int, at time: Moment) {
        let line = Value.object([
            .init("time", .string(time.iso8601)), .init("by", name.map { .string($0) } ?? .null), .init("method", .string(String(request.method.prefix(16)))),
            .init("path", .string(String(request.target.prefix { $0 != "?" }.prefix(400)))), .init("status", .int(Int64(status))),
        ]).json() + "\n"
        descriptor.withLock { descriptor in
            if descriptor == nil {
                let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
                if opened >= 0 { descriptor = opened }
            }
            if let descriptor { _ = Files.writeAll(Array(line.utf8), to: descriptor) }
        }
    }
}
