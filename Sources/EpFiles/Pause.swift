/// A wait for a while, as a value: whoever waits for others can be given one that takes no time.
public struct Pause: Sendable {
    /// - Throws: `CancellationError` if the task that waits is cancelled.
    public let wait: @Sendable (Duration) async throws -> Void

    public init(_ wait: @escaping @Sendable (Duration) async throws -> Void) { self.wait = wait }

    /// By this machine's clock.
    public static let system = Pause { try await Task.sleep(for: $0) }
    /// Lets others go on, and waits for nothing.
    public static let none = Pause { _ in
        try Task.checkCancellation()
        await Task.yield()
    }
}
