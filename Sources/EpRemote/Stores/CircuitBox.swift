import EpCore
import Synchronization

/// The shared state of a resilient store: its circuit, and the calls that end when it opens.
final class CircuitBox: Sendable {
    let value: Mutex<Circuit>
    /// Blobs whose upload failed or was left out: a result that names one is not uploaded.
    let unsent = Mutex<Set<Digest>>([])
    /// What of its answers a person has been told to be of no use.
    let told = Mutex<Set<Doubt>>([])

    /// Why answers are not used.
    enum Doubt: Sendable { case damaged, untrusted }

    private struct Calls {
        var next = 0
        var cancels: [Int: @Sendable () -> Void] = [:]
    }

    private let calls = Mutex(Calls())

    init(_ circuit: Circuit) {
        value = Mutex(circuit)
    }

    func failed(_ kind: RemoteError.Kind, during use: Circuit.Use) -> Circuit.Consequence {
        let consequence = value.withLock { $0.failed(kind, during: use) }
        if consequence.opens { cancelCalls() }
        return consequence
    }

    func open() -> Bool {
        guard value.withLock({ $0.open() }) else { return false }
        cancelCalls()
        return true
    }

    /// Runs a call that is cancelled when its caller is, and when the circuit opens.
    func cancellable<Value: Sendable>(_ call: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { try await call() }
        let number = calls.withLock { calls in
            calls.next += 1
            calls.cancels[calls.next] = { task.cancel() }
            return calls.next
        }
        defer { calls.withLock { _ = $0.cancels.removeValue(forKey: number) } }
        // It may have opened after the caller looked, and before the call was known here.
        if value.withLock({ $0.isOpen }) { task.cancel() }
        return try await withTaskCancellationHandler { try await task.value } onCancel: { task.cancel() }
    }

    private func cancelCalls() {
        let cancels = calls.withLock { Array($0.cancels.values) }
        for cancel in cancels { cancel() }
    }
}
