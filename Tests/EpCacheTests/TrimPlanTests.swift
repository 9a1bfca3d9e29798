import EpFiles
import Testing

@testable import EpCache

@Suite struct TrimPlanTests {
    /// Whatever the files, times and limits: what stays is whole, and what may stay does.
    @Test func randomCaches() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("TrimPlanTests seed: \(seed)")
        var random = SplitMix(state: seed)
        for _ in 0..<500 { try check(&random) }
    }

    private func check(_ random: inout SplitMix) throws {
        func item(_ name: String, names: [String] = []) -> TrimPlan.Item {
            let status = FileStatus(size: random.below(100), modified: random.below(50))
            return TrimPlan.Item(
                file: CachedFile(hex: name, path: name, status: status), names: names, isProtected: random.below(8) == 0)
        }
        let blobs = (0..<random.below(30)).map { item("b\($0)") }
        let entries = (0..<random.below(30)).map { number in
            item("e\(number)", names: (0..<random.below(4)).map { _ in "b\(random.below(30))" })
        }
        let limits = TrimPlan.Limits(
            maxBytes: random.below(2) == 0 ? nil : random.below(2000), usedBefore: random.below(40), spareSince: random.below(60))
        let plan = TrimPlan(entries: entries, blobs: blobs, limits: limits)

        let goneBlobs = Set(plan.blobs.map(\.file.hex))
        let goneEntries = Set(plan.entries.map(\.file.hex))
        for entry in entries where !goneEntries.contains(entry.file.hex) {
            #expect(goneBlobs.isDisjoint(with: entry.names), "\(entry.file.hex) would dangle")
        }
        for item in plan.entries + plan.blobs {
            #expect(!item.isProtected && item.file.status.modified < limits.spareSince)
        }
        let total = (entries + blobs).reduce(0) { $0 + $1.file.status.size }
        #expect(plan.bytesFreed + plan.bytesKept == total)
        for item in entries where !goneEntries.contains(item.file.hex) && !item.isProtected {
            let time = item.file.status.modified
            #expect(time >= limits.usedBefore || time >= limits.spareSince, "an old entry stayed")
        }
        if limits.maxBytes == nil {
            #expect(plan.entries.allSatisfy { $0.file.status.modified < limits.usedBefore }, "a young entry went")
        }
    }
}

/// A small generator with a seed (SplitMix64).
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int64) -> Int64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int64((word ^ (word >> 31)) % UInt64(bound))
    }
}
