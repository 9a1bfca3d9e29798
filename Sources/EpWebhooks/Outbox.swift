import EpCore
import EpFiles
import EpPlan
import FoundationEssentials
import Glibc

/// What has not arrived yet: `.epbuild/webhooks/`, a file for each message, and one for each hook that wants no more.
struct Outbox: Sendable {
    let directory: String

    /// A message, held so that no other build sends it meanwhile.
    final class Held: Sendable {
        let message: WebhookMessage
        private let path: String
        private let descriptor: Int32

        fileprivate init(_ message: WebhookMessage, _ path: String, _ descriptor: Int32) {
            (self.message, self.path, self.descriptor) = (message, path, descriptor)
        }
        deinit {
            FileLock.release(descriptor)
            close(descriptor)
        }

        func remove() { unlink(path) }
    }

    /// - Parameter stateDirectory: the workspace's `.epbuild/`.
    init(stateDirectory: String) { directory = "\(stateDirectory)/webhooks" }

    /// Keeps a message durably.
    /// - Returns: nil if another build sends it by now.
    func keep(_ message: WebhookMessage) throws(Diagnostic) -> Held? {
        try StateFile.makeDirectory(directory)
        let path = "\(directory)/\(message.id)-\(message.hook).json"
        guard let bytes = try? JSONEncoder().encode(message) else { return nil }
        try Files.replace(path, with: [UInt8](bytes), durably: true)
        return hold(path, message)
    }

    /// What earlier builds have left, oldest first, unless another build sends it now.
    func left() -> [Held] {
        Directory.names(directory).filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            let path = "\(directory)/\(name)"
            let message = StateFile.read(path).flatMap { try? JSONDecoder().decode(WebhookMessage.self, from: Data($0)) }
            return message.flatMap { hold(path, $0) }
        }
    }

    private func hold(_ path: String, _ message: WebhookMessage) -> Held? {
        guard let descriptor = try? StateFile.open(path, O_RDWR) else { return nil }
        let held = Held(message, path, descriptor)
        return FileLock.tryTake(descriptor) ? held : nil
    }

    // MARK: hooks that want no more

    /// The file that says so.
    func mark(of hook: Webhook) -> String { "\(directory)/gone-\(hook.mark)" }

    func hasStopped(_ hook: Webhook) -> Bool { FileStatus(mark(of: hook)) != nil }

    func stop(_ hook: Webhook) {
        try? StateFile.makeDirectory(directory)
        let words = "\(hook.settings.host) has answered 410: it wants no more messages. Delete this file to send again.\n"
        try? Files.replace(mark(of: hook), with: Array(words.utf8))
    }
}
