public import EpCore

/// Whose results are taken from a shared cache, and in whose name results are put there.
///
/// What is signed is what a result means (its action, its outputs, who served it, what it cost), not the bytes of its entry: servers write
/// them anew.
public struct ResultTrust: Sendable {
    /// Signs what is uploaded; nil: nobody does.
    public let signer: SigningKey?
    /// Only what one of them has signed is taken; empty: whatever is there.
    public let keys: [TrustedKey]

    /// Takes whatever is there, and signs nothing.
    public static let anyone = ResultTrust()

    public init(signer: SigningKey? = nil, keys: [TrustedKey] = []) {
        self.signer = signer
        self.keys = keys
    }

    func encoded(_ shared: SharedResult, for action: ActionDigest) -> [UInt8] {
        let signatures = signer.map { [$0.sign(shared.result.meaning(for: action))] } ?? []
        return shared.result.encoded(for: action, signatures: signatures, contents: shared.contents)
    }

    func encoded(_ result: ActionResult, for action: ActionDigest) -> [UInt8] { encoded(SharedResult(result), for: action) }

    /// Why an entry is not taken for what it says.
    enum Refusal: Error { case damaged, untrusted }

    /// Reads an entry that epbuild or another REAPI client wrote. An empty file would be a result without outputs, but is what a crash
    /// leaves.
    func read(_ bytes: [UInt8], for action: ActionDigest) throws(Refusal) -> SharedResult {
        guard !bytes.isEmpty, let entry = try? ResultEntry(encoded: bytes, for: action) else { throw .damaged }
        let shared = SharedResult(entry.result, contents: entry.contents)
        guard !keys.isEmpty else { return shared }
        let meaning = entry.result.meaning(for: action)
        guard entry.signatures.contains(where: { signature in keys.contains { $0.isValid(signature, of: meaning) } }) else {
            throw .untrusted
        }
        return shared
    }
}
