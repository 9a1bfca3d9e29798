/// A result on its way between caches, with those of its outputs that travel in its own entry (REAPI's inlined contents): for what is
/// small a blob of its own costs a request of its own.
public struct SharedResult: Sendable, Hashable {
    /// Outputs of no more bytes than this in all travel in the entry, where a store keeps them there.
    public static let inlinedSize: Int64 = 16 << 10

    public let result: ActionResult
    /// Bytes of outputs by their digests, which they have. The other outputs are blobs by themselves.
    public let contents: [Digest: [UInt8]]

    public init(_ result: ActionResult, contents: [Digest: [UInt8]] = [:]) {
        (self.result, self.contents) = (result, contents)
    }

    /// The outputs that are blobs by themselves; the empty one is everywhere.
    public var blobs: Set<Digest> { Set(result.outputs.map(\.digest)).subtracting(contents.keys).subtracting([.empty]) }

    /// With just these outputs; nil if it lacks one of them.
    public func having(_ paths: [String]) -> SharedResult? {
        guard let result = result.having(paths) else { return nil }
        guard !contents.isEmpty, result.outputs.count < self.result.outputs.count else { return SharedResult(result, contents: contents) }
        let kept = Set(result.outputs.map(\.digest))
        return SharedResult(result, contents: contents.filter { kept.contains($0.key) })
    }
}
