import EpCore
import EpHistory

/// How failures ended, for a person.
struct RecoveryView {
    private let report: RecoveryReport
    private static let most = 10

    init(_ report: RecoveryReport) { self.report = report }

    var lines: [String] { builds + (report.steps.map(steps) ?? []) + report.calls.lines }

    private var builds: [String] {
        guard let rate = report.rate else { return ["\(report.builds) builds are recorded; none has failed"] }
        let good = "\(report.recoveredBuilds) of these were made good later (\(Self.percent(rate)))"
        var lines = ["\(report.builds) builds, \(report.failedBuilds) failed; \(good)"]
        if let mean = report.meanSecondsToRecovery { lines.append("mean time to recovery: \(TimeSpan.text(mean))") }
        return lines + Self.table("commonest failure points", report.failurePoints.map { ($0.count, [$0.place, $0.code]) })
            + Self.table("what came between a failure and its recovery", report.recoveries.map { ($0.count, [$0.action]) })
    }

    private func steps(_ steps: StepRecovery) -> [String] {
        var lines: [String] = []
        if let rate = steps.rate {
            let time = steps.meanSecondsToRecovery.map { ", in \(TimeSpan.text($0)) on average" } ?? ""
            lines.append("\(Number.of(steps.failed, "single action")) failed; \(steps.recovered) made good (\(Self.percent(rate)))\(time)")
            lines += Self.table("where single actions fail", steps.failurePoints.map { ($0.count, [$0.stage, $0.code]) })
            lines += Self.table("what made them good", steps.recoveries.map { ($0.count, [$0.action]) })
        }
        if steps.unreadableLines > 0 {
            lines.append("lines of the log of events that cannot be read, and are passed over: \(steps.unreadableLines)")
        }
        return lines
    }

    private static func percent(_ rate: Double) -> String { "\(Int((rate * 100).rounded())) %" }

    private static func table(_ heading: String, _ rows: [(count: Int, words: [String])]) -> [String] {
        guard !rows.isEmpty else { return [] }
        var table = Table(numbers: [0])
        for row in rows.prefix(most) { table.add(["\(row.count)"] + row.words) }
        return [heading] + table.lines(indent: 2)
    }
}

extension [ProviderCalls] {
    /// How often services were asked, in a line; none if they were not.
    var lines: [String] {
        let each = map { "\($0.provider) \(Number.of($0.calls, "time"))\($0.errors == 0 ? "" : ", \($0.errors) failed")" }
        return each.isEmpty ? [] : ["asked: \(each.joined(separator: " · "))"]
    }
}
