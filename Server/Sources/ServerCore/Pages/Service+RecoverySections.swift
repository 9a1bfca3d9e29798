import EpCore
import EpDesk
import EpEngine
import EpHistory

/// How failures ended, on the page of builds.
extension Service {
    func recoverySections(_ pieces: Pieces) throws -> [HTML] {
        let desk = try desk(pieces.call.user.name)
        return try pieces.call.catalog.workspaces.compactMap { name, place in
            let report = try desk.history(of: place).recovery()
            return report.failedBuilds == 0 ? nil : Self.section(name, report)
        }
    }

    private static func section(_ name: String, _ report: RecoveryReport) -> HTML {
        let mean = report.meanSecondsToRecovery.map { ", after \(seconds($0)) in the mean" } ?? ""
        let sentence =
            "Of \(report.builds) builds \(report.failedBuilds) failed; \(report.recoveredBuilds) of these came to a good end\(mean)."
        let points = report.failurePoints.prefix(20).map { [HTML($0.place), HTML($0.code), HTML("\($0.count)")] }
        let ways = report.recoveries.prefix(20).map { [HTML($0.action), HTML("\($0.count)")] }
        return Pieces.section(
            "\(name): failures and how they ended",
            [
                .tag("p", [:], HTML(sentence)),
                points.isEmpty ? .nothing : Pieces.table("Where builds failed", ["Where", "Why", "Times"], points),
                ways.isEmpty
                    ? .nothing : Pieces.table("What came between a failure and its good end", ["What", "Times"], ways),
            ])
    }
}
