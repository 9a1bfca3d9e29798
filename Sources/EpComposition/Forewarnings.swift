import EpCore
import EpEngine
import EpFiles
import EpPlan
import EpProviders

/// Warnings before a build: what is likely to end it later, though nothing has gone wrong yet.
struct Forewarnings: Sendable {
    let vendors: Vendors
    let services: Services
    let cachePath: String

    func about(_ prospect: Prospect) -> [Diagnostic] {
        SpaceForewarning().about([cachePath, prospect.directory], actions: prospect.actions)
            + prospect.services.flatMap { vendors.concerns(about: $0, of: prospect.workspace, services) }
    }
}

/// That less may be free than what is going to run will leave behind.
struct SpaceForewarning: Sendable {
    /// Bytes that are free where a path lies; nil if nobody knows.
    var free: @Sendable (String) -> Int64? = { DiskSpace.free(at: $0) }

    /// What an action leaves behind, roughly: half a minute of speech.
    private static let bytesAnAction: Int64 = 1 << 20
    private static let leastBytes: Int64 = 64 << 20

    /// - Parameter paths: where something will be written; of those on one full disk, the first is named.
    func about(_ paths: [String], actions: Int) -> [Diagnostic] {
        let wanted = max(Self.leastBytes, Int64(clamping: actions) * Self.bytesAnAction)
        var seen: Set<Int64> = []
        return paths.compactMap { path -> Diagnostic? in
            guard let free = free(path), free < wanted, seen.insert(free).inserted else { return nil }
            return Diagnostic(
                .system, "\(Size.text(free)) are free at \(path), and what is going to run may need \(Size.text(wanted))",
                remedy: "free some; `epbuild cache gc --size 1G` trims the cache", severity: .warning)
        }
    }
}
