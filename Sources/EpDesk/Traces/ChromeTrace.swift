import EpCore
import EpEngine
import EpFiles
import EpPlan

/// Builds as Chrome's trace event format has them, for Perfetto and `chrome://tracing`: a process each, with a track for
/// each place of a pool.
///
/// The format: "Trace Event Format", the object form, with complete events (`X`), instants (`i`) and metadata (`M`). Times
/// are in microseconds.
struct ChromeTrace: TraceForm {
    func value(_ builds: [Timeline]) -> Value {
        ["traceEvents": .list(builds.enumerated().flatMap { events(of: $1, process: Int64($0 + 1)) }), "displayTimeUnit": "ms"]
    }

    private func events(of build: Timeline, process: Int64) -> [Value] {
        let tracks = Set(build.runs.map(Track.init)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: tracks.enumerated().map { ($1, Int64($0 + 1)) })
        let names = [name(process, 0, "process_name", build.episode), name(process, 0, "thread_name", "build")]
            + tracks.map { name(process, numbers[$0] ?? 0, "thread_name", $0.name) }
        let whole = span(process, 0, "build", "build", build.started, build.ended, [
            .init("build", .string(build.build?.text ?? "")), .init("outcome", .string(build.report?.outcome.rawValue ?? "unfinished")),
        ])
        let runs = build.runs.flatMap { run -> [Value] in
            let track = numbers[Track(run)] ?? 0
            return [span(process, track, run.site.label, run.tool.text, run.started, run.ended ?? build.ended, run.arguments)]
                + run.attempts.enumerated().map { number, attempt in
                    span(process, track, "attempt \(number + 1)", "provider", attempt.started, attempt.ended, attempt.arguments)
                }
        }
        let marks = build.marks.map { mark -> Value in
            [
                "ph": "i", "s": "p", "pid": .int(process), "tid": 0, "name": .string(mark.name), "ts": .int(mark.time.microseconds),
                "args": ["message": .string(mark.words)],
            ]
        }
        return names + [whole] + runs + marks
    }

    private func name(_ process: Int64, _ track: Int64, _ what: String, _ name: String) -> Value {
        ["ph": "M", "pid": .int(process), "tid": .int(track), "name": .string(what), "args": ["name": .string(name)]]
    }

    private func span(
        _ process: Int64, _ track: Int64, _ name: String, _ category: String, _ start: Moment, _ end: Moment, _ arguments: [Value.Member]
    ) -> Value {
        [
            "ph": "X", "pid": .int(process), "tid": .int(track), "name": .string(name), "cat": .string(category),
            "ts": .int(start.microseconds), "dur": .int(max(0, end.microseconds - start.microseconds)), "args": .object(arguments),
        ]
    }

    /// A place of a pool.
    private struct Track: Hashable, Comparable {
        let pool: String
        let lane: Int

        init(_ run: Timeline.Run) { (pool, lane) = (run.pool.name, run.lane) }

        var name: String { "\(pool) \(lane)" }
        static func < (left: Track, right: Track) -> Bool { (left.pool, left.lane) < (right.pool, right.lane) }
    }
}

extension Timeline.Run {
    fileprivate var arguments: [Value.Member] {
        var members: [Value.Member] = [.init("outcome", .string(word))]
        if let address { members.append(.init("action", .string(address.hex))) }
        if let service { members.append(.init("provider", .string(service.name))) }
        if let result { members.append(.init("servedBy", .string(result.servedBy))) }
        if !attempts.isEmpty { members.append(.init("attempts", .int(Int64(attempts.count)))) }
        members.append(.init("costUSD", cost.value))
        return members + (problem.map(\.arguments) ?? [])
    }
}

extension Timeline.Attempt {
    fileprivate var arguments: [Value.Member] {
        [.init("costUSD", cost.value)] + (problem.map(\.arguments) ?? [])
    }
}

extension Diagnostic {
    fileprivate var arguments: [Value.Member] { [.init("error", .string(code.rawValue)), .init("message", .string(headline))] }
}

extension Moment {
    /// Since 1970.
    fileprivate var microseconds: Int64 { milliseconds * 1000 }
}
