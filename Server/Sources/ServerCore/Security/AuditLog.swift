public import EpCore
public import EpFiles
import Glibc
import Synchronization

/// Who has asked for what, one JSON object a line: everything but reading, and every refusal. No token, no header and no body is in it.
public final class AuditLog: Sendable {
    private let path: String
    private let warn: @Sendable (Diagnostic) -> Void
    private let state = Mutex<(descriptor: Int32?, failures: Int, isFailing: Bool)>((nil, 0, false))

    /// - Parameters:
    ///   - path: is added to; only its owner may read it.
    ///   - warn: is told when it cannot be written, once until it can again.
    public init(path: String, warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }) { (self.path, self.warn) = (path, warn) }

    /// How many requests are not in it that should be.
    public var failures: Int { state.withLock(\.failures) }
    /// True if the last one could not be written.
    public var isFailing: Bool { state.withLock(\.isFailing) }

    public func note(_ request: WebRequest, by name: String?, status: Int, at time: Moment) {
        let line =
            Value.object([
                .init("time", .string(time.iso8601)), .init("by", name.map { .string($0) } ?? .null),
                .init("method", .string(String(request.method.prefix(16)))),
                .init("path", .string(String(request.target.prefix { $0 != "?" }.prefix(400)))), .init("status", .int(Int64(status))),
            ]).json() + "\n"
        let problem: Diagnostic? = state.withLock { state in
            if state.descriptor == nil {
                let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
                if opened >= 0 { state.descriptor = opened }
            }
            if let descriptor = state.descriptor, Files.writeAll(Array(line.utf8), to: descriptor) {
                state.isFailing = false
                return nil
            }
            let error = FileError(path)
            defer { state.isFailing = true }
            state.failures += 1
            return state.isFailing
                ? nil
                : Diagnostic(
                    .system, "the audit log is not written: \(error.message)",
                    remedy: "make room for it, and make it writable for the server")
        }
        if let problem { warn(problem) }
    }
}
