public import EpCore
public import EpEngine
import EpFiles
import EpPlan
import EpSQLite

/// Writes builds into the workspace's history.
///
/// Rows wait in memory until there are some hundred of them, a second has gone by, something failed, or money was spent. An up-to-date
/// build writes nothing, unless it is the good end of a failure. A history that cannot be written never fails a build.
public final class HistoryRecorder: BuildObserver {
    private let warn: @Sendable (Diagnostic) -> Void
    private let place: EpisodePlace
    private let file: HistoryFile
    private var entry: BuildEntry
    private var rows: [ActionRow] = []
    private var reasons: [ReasonRow] = []
    private var savings = Savings()
    private var calls = CallTally()
    /// Steps that run, and since when.
    private var running: [StepSite: Moment] = [:]
    /// What this build has made, if it goes through its plan again and will find it in the cache.
    private var made: Set<String> = []
    private var flushed = ContinuousClock.now
    private var isBroken = false

    static let batch = 512
    /// Rows that wait in memory.
    var waiting: Int { rows.count + reasons.count }
    private static let patience = Duration.seconds(1)

    /// - Parameter warn: is told if the history cannot be written.
    public init(place: EpisodePlace, warn: @escaping @Sendable (Diagnostic) -> Void) {
        self.warn = warn
        self.place = place
        entry = BuildEntry(EpisodeName(place), started: .now)
        file = HistoryFile(stateDirectory: place.stateDirectory, warn: warn)
    }

    /// A build that was given up keeps what it made on record.
    deinit { flush() }

    public func observe(_ event: BuildEvent) {
        calls.observe(event.kind)
        switch event.kind {
        case .started: entry = BuildEntry(EpisodeName(place), started: event.time)
        case .actionStarted(let start):
            running[start.site] = event.time
            prepare()
        case .actionFinished(let end): note(end)
        case .failed(let failure):
            if let site = failure.site { add(ActionRow(failure, of: site, seconds: seconds(of: site, until: event.time))) }
        case .providerFallback(let fallback):
            note(fallback.problem, fallback.site, cost: fallback.cost, seconds: seconds(of: fallback.site, until: event.time))
        case .actionRetried(let site, let retry): note(retry.problem, site, cost: retry.cost, seconds: 0)
        case .actionExplained(let site, let changes): explain(ReasonRow(site: site, changes: changes))
        case .passRepeated: beginPass()
        case .finished(let report): finish(BuildEntry.End(report))
        default: break
        }
    }

    // MARK: what happens

    private func note(_ end: BuildEvent.StepEnd) {
        // Of tens of thousands of hits, none needs more than a look.
        if !running.isEmpty { running[end.site] = nil }
        if end.origin == .cache, !made.isEmpty, made.contains(end.address.hex) { return }
        if end.origin != .executed { savings.add(end) }
        if end.origin != .cache { add(ActionRow(end)) }
    }

    /// Of a failure that did not end its step, what it cost is kept; else it is as if nobody had been asked.
    private func note(_ problem: Diagnostic, _ site: StepSite, cost: Cost, seconds: Double) {
        guard cost != .zero else { return }
        add(ActionRow(Failure(problem, of: site, attempts: 1, cost: cost), of: site, seconds: seconds))
    }

    private func seconds(of site: StepSite, until end: Moment) -> Double {
        running.removeValue(forKey: site).map { max(0, end.seconds(since: $0)) } ?? 0
    }

    /// To open a database takes as long as some programs do: it is done while they run.
    private func prepare() {
        if rows.isEmpty, !isBroken { file.prepare(Self.statements) }
    }

    private static let statements = [
        BuildEntry.insertion, ActionRow.insertion, ReasonRow.insertion, Savings.insertion, BuildEntry.completion,
    ]

    private func add(_ row: ActionRow) {
        prepare()
        rows.append(row)
        // What was paid for, and what is to be tried again, is not lost with this process.
        let isUrgent = row.origin == "failed" || row.origin != "remote" && row.cost != .zero
        if rows.count >= Self.batch || isUrgent || ContinuousClock.now - flushed > Self.patience { flush() }
    }

    private func explain(_ row: ReasonRow) {
        guard !row.changes.isEmpty else { return }
        reasons.append(row)
        if reasons.count >= Self.batch { flush() }
    }

    /// Hits of the pass before are hits of this one again, and what was made then is one now.
    private func beginPass() {
        savings.removeAll()
        running.removeAll()
        flush()
        made = write { database, build throws(SQLiteError) in
            Set(try database.rows("SELECT address FROM action WHERE build = ? AND address NOT NULL", [.integer(build)]) { $0.text(0) })
        } ?? []
    }

    private func finish(_ end: BuildEntry.End) {
        guard !end.isMistyped, entry.id != nil || hasRows || !isRepetition(end) else { return }
        let edited = end.isSuccess ? editedFile : nil
        write { (database, build) throws(SQLiteError) in
            try insertRows(database, build)
            try savings.insert(into: database, build: build)
            try BuildEntry.finish(build, end, edited: edited, in: database)
        }
        forgetRows()
    }

    // MARK: the build before

    /// True if nothing ran, and all is as the build before has left it: finished, or waiting for a person.
    private func isRepetition(_ end: BuildEntry.End) -> Bool {
        let previous = previous
        return switch end.outcome {
        case .upToDate: previous?.isSuccess != false && (end.snapshot == nil || end.snapshot?.hex == previous?.snapshot)
        case .waiting: previous?.outcome == end.outcome.rawValue
        default: false
        }
    }

    private var editedFile: String? {
        guard let previous, !previous.isSuccess else { return nil }
        return EditedFile.between(previous.ended, entry.started, of: place)
    }

    private var previous: BuildEntry.Previous? {
        guard !isBroken, file.exists else { return nil }
        return try? file.use { database throws(SQLiteError) in try entry.previous(in: database) } ?? nil
    }

    // MARK: writing

    private var hasRows: Bool { !rows.isEmpty || !reasons.isEmpty || !calls.counts.isEmpty }

    private func flush() {
        guard hasRows else { return }
        write { (database, build) throws(SQLiteError) in try insertRows(database, build) }
        forgetRows()
    }

    private func insertRows(_ database: SQLiteDatabase, _ build: Int64) throws(SQLiteError) {
        for row in rows { try row.insert(into: database, build: build) }
        for reason in reasons { try reason.insert(into: database, build: build) }
        try calls.insert(into: database, build: build)
    }

    private func forgetRows() {
        rows.removeAll(keepingCapacity: true)
        reasons.removeAll(keepingCapacity: true)
        calls.forget()
        flushed = .now
    }

    /// One transaction on the row of this build, which is made when it is first needed.
    @discardableResult
    private func write<Result>(_ body: (SQLiteDatabase, Int64) throws(SQLiteError) -> Result) -> Result? {
        guard !isBroken else { return nil }
        do {
            return try file.use { (database) throws(SQLiteError) in
                try database.transaction { () throws(SQLiteError) in
                    try body(database, entry.begin(in: database, generation: file.generation))
                }
            }
        } catch {
            isBroken = true
            warn(Diagnostic(.system, "this build is not recorded: \(error.message)", remedy: error.remedy, severity: .warning))
            return nil
        }
    }
}
