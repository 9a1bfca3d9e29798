import Glibc

/// A thread of its own, for work that blocks and must not hold up the pool that tasks share.
public enum Thread {
    /// Runs `body` on a new thread.
    /// - Returns: false if the system has no thread to give; then `body` is not run.
    public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let box = Unmanaged.passRetained(Box(body: body))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
        if code == 0 { pthread_detach(thread) } else { box.release() }
        return code == 0
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
