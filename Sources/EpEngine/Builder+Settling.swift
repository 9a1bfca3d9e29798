import EpCore
import EpPlan

/// Looking at an episode while others build it, decide about it or save its files.
extension Builder {
    /// Attempts that are made before it is said that something keeps changing: about a second's worth.
    private static let looks = 64

    /// Repeats what reads an episode, until nothing has changed or was found damaged meanwhile.
    /// - Parameter attempt: throws `DamagedInput` where another one is needed.
    /// - Throws: `Diagnostic` if it does not settle.
    func settled<Value>(_ attempt: () async throws -> Value) async throws -> Value {
        var last = ""
        for number in 1...Self.looks {
            do {
                return try await attempt()
            } catch let damage as DamagedInput {
                last = damage.what
                // Many who decide at once would else meet again and again.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...min(number, 30))))
            }
        }
        throw Self.unsettled(last)
    }
}
