/// How many bytes a served cache may hold, holds, and is being sent: a value without files.
struct Allowance {
    /// Nil: any number.
    let limit: Int64?
    private(set) var held: Int64
    private(set) var coming: Int64 = 0
    /// What was kept since trimming has begun to look: it does not know of that.
    private var keptMeanwhile: Int64 = 0

    init(limit: Int64?, held: Int64) { (self.limit, self.held) = (limit, held) }

    /// What trimming leaves at most, so that it is not called for again by the next few blobs.
    private static let lowWater = 0.9

    func fits(_ bytes: Int64) -> Bool { limit.map { bytes <= $0 - held - coming } ?? true }

    /// True if no trimming makes room for so much.
    func isTooMuch(_ bytes: Int64) -> Bool { limit.map { bytes > $0 } ?? false }

    mutating func expect(_ bytes: Int64) { coming += bytes }

    /// What was expected has come, or does not come any more.
    mutating func settle(_ bytes: Int64, isKept: Bool) {
        coming -= bytes
        if isKept {
            held += bytes
            keptMeanwhile += bytes
        }
    }

    /// Trimming begins to look.
    /// - Returns: how much may stay, so that what comes has room.
    mutating func beginTrimming(for bytes: Int64) -> Int64? {
        keptMeanwhile = 0
        return limit.map { max(0, min(Int64(Double($0) * Self.lowWater), $0 - coming - bytes)) }
    }

    /// - Parameter kept: of what trimming has seen.
    mutating func endTrimming(kept: Int64) { held = kept + keptMeanwhile }
}
