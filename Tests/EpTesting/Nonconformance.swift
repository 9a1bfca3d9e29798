/// What an implementation of a seam does otherwise than the seam says. Each suite throws the first that it meets.
public struct Nonconformance: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// - Parameter words: what the seam says.
func expect(_ words: String, _ holds: () async throws -> Bool) async throws {
    guard try await holds() else { throw Nonconformance(words) }
}

/// Expects an error of one kind.
func refuse<Kind: Error>(_ words: String, as kind: Kind.Type = (any Error).self, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch is Kind {
        return
    }
    throw Nonconformance(words)
}
