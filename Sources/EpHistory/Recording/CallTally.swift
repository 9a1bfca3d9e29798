import EpEngine
import EpPlan
import EpSQLite

/// How often providers were asked, and how often that came to nothing, as the events of a build tell: a value.
struct CallTally {
    struct Count: Equatable {
        var calls: Int64 = 0
        var errors: Int64 = 0
    }

    /// What is not on record yet.
    private(set) var counts: [String: Count] = [:]
    /// Steps that ask a service: which, and how often it has failed so far.
    private var asking: [StepSite: (provider: String, failed: Int)] = [:]

    mutating func observe(_ kind: BuildEvent.Kind) {
        switch kind {
        case .actionStarted(let start):
            if let service = start.service, service.call != nil { asking[start.site] = (service.name, 0) } else { asking[start.site] = nil }
        case .actionRetried(let site, let retry):
            asking[site]?.failed += 1
            add(retry.provider, isError: true)
        case .actionFinished(let end) where !asking.isEmpty:
            if let asked = asking.removeValue(forKey: end.site), end.origin == .executed { add(asked.provider, isError: false) }
        case .failed(let failure): if let site = failure.site { end(site, attempts: failure.attempts) }
        case .providerFallback(let fallback): end(fallback.site, attempts: fallback.attempts)
        case .passRepeated: asking.removeAll()
        default: break
        }
    }

    /// - Parameter attempts: how often its provider was asked in all; of some of these it was told when they had failed.
    private mutating func end(_ site: StepSite, attempts: Int) {
        guard let asked = asking.removeValue(forKey: site), attempts > asked.failed else { return }
        add(asked.provider, isError: true)
    }

    private mutating func add(_ provider: String, isError: Bool) {
        counts[provider, default: Count()].calls += 1
        if isError { counts[provider, default: Count()].errors += 1 }
    }

    mutating func forget() { counts = [:] }

    /// Adds them to what is on record of the build.
    func insert(into database: SQLiteDatabase, build: Int64) throws(SQLiteError) {
        for (provider, count) in counts {
            try database.run(
                """
                INSERT INTO provider_calls (build, provider, calls, errors) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, errors = errors + excluded.errors
                """, .integer(build), .text(provider), .integer(count.calls), .integer(count.errors))
        }
    }
}
