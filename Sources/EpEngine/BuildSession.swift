import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc

/// One attempt at building one episode: reads its files, makes a pass, writes what came of it, and remembers.
final class BuildSession {
    let builder: Builder
    let place: EpisodePlace
    let options: BuildOptions
    let events: BuildEvents
    let cache: DiskCache
    let sources: SourceFiles
    let neighbourhood: Neighbourhood
    let programs: [(record: Memo.ProgramRecord, digest: Digest)]
    let lastVersions: [Program: String]
    let lastDelivered: [Path: Digest]
    private let earned: Earnings
    let asked: ProgramVersions
    /// What the last build's actions came to, until the pass begins; nil: their results are looked up.
    private var recall: Task<Recall?, Never>?
    /// What its own files have taken the place of.
    let discards: DiscardPile
    /// Stores the person's files while the last steps run.
    var storing: Task<Void, Never>?
    /// True if something was decided meanwhile that this session did not see.
    var isOutdated = false
    /// When a date comes that the plan waits for: seconds since 1970.
    private var nextMoment: Int64?
    private var lockPath: String { "\(place.directory)/\(EpisodeLock.fileName)" }

    init(
        builder: Builder, place: EpisodePlace, options: BuildOptions, events: BuildEvents, cache: DiskCache? = nil, last: LastBuild,
        earned: Earnings = Earnings(), asked: ProgramVersions? = nil, recall: Task<Recall?, Never>? = nil,
        discards: DiscardPile = DiscardPile()
    ) {
        self.discards = discards
        self.recall = recall
        self.earned = earned
        self.asked = asked ?? ProgramVersions(runner: builder.runner)
        self.builder = builder
        self.place = place
        self.options = options
        self.events = events
        self.cache = cache ?? builder.cache
        programs = last.programs
        (lastVersions, lastDelivered) = (last.versions, last.delivered)
        sources = SourceFiles(remembering: last.files, shownFrom: builder.shownFrom)
        neighbourhood = Neighbourhood(of: place, sources: sources, hearsay: builder.hearsay)
    }

    /// - Throws: `DamagedInput` if another attempt is needed.
    func run(stop: BuildStop) async throws -> BuildReport {
        let (report, legacy) = try await passAndConclude(stop: stop)
        // The pass is on its way out by now: what it knew of many files is not kept in memory beside what is noted of them.
        if let legacy { try remember(legacy, report) }
        return report
    }

    private func passAndConclude(stop: BuildStop) async throws -> (BuildReport, Legacy?) {
        var planned: Planned? = try await pass(stop: stop)
        defer { Planned.letGo(&planned) }
        return try await end(planned)
    }

    private func end(_ planned: Planned?) async throws -> (BuildReport, Legacy?) {
        guard let planned else { preconditionFailure("a pass ends once") }
        do {
            return options.isDraft ? (try finishDraft(planned), nil) : try await conclude(planned)
        } catch let damage as DamagedInput {
            earned.note(planned.pass)
            throw damage
        }
    }

    /// Writes what came of a pass, and shares it.
    /// - Returns: nothing to remember where nothing was to be built.
    private func conclude(_ planned: Planned) async throws -> (BuildReport, Legacy?) {
        var written = Delivery.Written()
        let lockFile = LockFile(of: place, seen: planned.unit.lock, shown: sources.shown(lockPath))
        if !options.isDryRun, options.trialTakes.isEmpty {
            try record(planned.knowledge.decided, lockFile)
            written = try delivery(of: planned, lockFile).write(sources: sources)
            tell(written)
            if written.damaged == nil { try tell(planned) }
        }
        sources.forgetLastBuild()
        if let damaged = written.damaged ?? planned.reason { throw DamagedInput(damaged) }
        var report = report(planned.unit, planned.pass, written, edits: options.isDryRun ? [] : try await edits(planned))
        guard !options.isDryRun else { return (report, nil) }
        for gate in report.gates {
            events.tell(.gateWaiting(gate))
            if let failure = gate.failure { events.tell(.failed(failure)) }
        }
        try await share(planned.pass, with: planned.worker.remotes)
        guard options.trialTakes.isEmpty else { return (report, nil) }
        // What this build has written is part of what it leaves: the lock, and texts for the person.
        for path in written.files + [lockFile.path] { _ = try sources.file(path) }
        let snapshot = isComplete(report) && !place.isShow ? Snapshot(of: sources, at: place) : nil
        let (cache, place) = (cache, place)
        async let stored = snapshot?.store(in: cache, from: place)
        try await note(planned.pass, isComplete: isComplete(report))
        report.snapshot = try await stored
        try removeStale(report, planned, lockFile, written)
        return (report, Legacy(knowledge: planned.knowledge, written: written, lockFile: lockFile))
    }

    /// What has been looked at so far.
    var footprint: Footprint {
        // Written by this session, and not looked at again if it did not come to its end.
        _ = try? sources.file(lockPath)
        return Footprint(sources, isOutdated: isOutdated, nextMoment: nextMoment)
    }

    /// A draft leaves its files in `out/` and nothing else: no memo, no trace, no lock, no text, nothing in a shared cache.
    private func finishDraft(_ planned: Planned) throws -> BuildReport {
        let lockFile = LockFile(of: place, seen: planned.unit.lock, shown: sources.shown(lockPath))
        let written = try delivery(of: planned, lockFile).writeDraft(
            sources: sources, isWhole: options.isWhole && planned.pass.stopped == nil)
        tell(written)
        if let damaged = written.damaged ?? planned.reason { throw DamagedInput(damaged) }
        var report = report(planned.unit, planned.pass, written, edits: [])
        report.draft = DraftReport(planned.pass, planned.knowledge)
        // It is never up to date: that is what a draft is.
        if report.outcome == .upToDate { report.outcome = .built }
        return report
    }

    private func delivery(of planned: Planned, _ lockFile: LockFile) -> Delivery {
        Delivery(
            cache: cache, unit: planned.unit, planner: planned.pass.planner, results: planned.pass.results, lockFile: lockFile,
            lastDelivered: lastDelivered)
    }

    private func tell(_ written: Delivery.Written) {
        written.fresh.forEach { events.tell(.wrote(sources.shown($0.path))) }
        for output in written.kept {
            events.tell(
                .warning(
                    Diagnostic(
                        .badInput,
                        "\(sources.shown("\(place.directory)/\(output)")) is not as it was delivered: it is yours, and stands as it is",
                        remedy:
                            "move it away, and the next build delivers its own; a text that you want to write yourself is better "
                                + "`editable`",
                        severity: .warning)))
        }
    }

    /// What earlier builds delivered, and this one does not, goes if it is as it was delivered: files of other names, and drafts.
    private func removeStale(_ report: BuildReport, _ planned: Planned, _ lockFile: LockFile, _ written: Delivery.Written) throws {
        defer { sources.forget(DeliveryRecord.path(of: place)) }
        guard isComplete(report) else { return }
        let stale = try delivery(of: planned, lockFile).removeStale(except: written)
        for output in stale.removed { events.tell(.removed(sources.shown("\(place.directory)/\(output)"))) }
        for output in stale.kept {
            events.tell(
                .warning(
                    Diagnostic(
                        .badInput,
                        "\(sources.shown("\(place.directory)/\(output)")) is delivered no longer, and is not as it was delivered: it is "
                            + "yours, and is kept",
                        remedy: "delete it if you want it no more", severity: .warning)))
        }
    }

    /// Keeps what gates decided by themselves, for every machine.
    private func record(_ decided: [GateKey: GateRecord], _ lockFile: LockFile) throws {
        guard !decided.isEmpty else { return }
        try lockFile.update { lock in
            for (key, record) in decided where lock.gates[key]?.decision ?? .waiting == .waiting { lock.gates[key] = record }
        }
        for (key, record) in decided where record.decision == .approved {
            events.tell(.gateDecided(Target(stage: key.stage), .approved, by: record.by))
        }
        sources.forget(lockFile.path)
    }

    /// Reads the episode and goes through its plan once.
    /// - Parameter ignoringEdits: editable files whose edits are left out of account.
    func pass(ignoringEdits: Set<Path> = [], stop: BuildStop = BuildStop()) async throws -> Planned {
        // Before anything is looked up: what is adopted from now on makes the memo of this build void.
        _ = try sources.file(cache.adoptionMark)
        let unit = try BuildUnit(place, tools: builder.tools, pipelines: builder.pipelines, sources: sources)
        try await listen(to: unit)
        let now = builder.surroundings.clock.now()
        let knowledge = PlanKnowledge(
            cache: cache, sources: sources, neighbourhood: neighbourhood, lock: unit.lock, workspace: unit.workspace,
            now: now.seconds, versions: try await rememberedVersions(), lastVersions: lastVersions, isDraft: options.isDraft,
            environment: builder.surroundings.variable, absence: builder.runner.absence)
        knowledge.ignoredEdits = ignoringEdits
        knowledge.toleratesConflicts = options.isForgiving
        let planner = Planner(
            workspace: unit.workspace, show: unit.show, episode: unit.episode, stages: unit.stages, tools: builder.tools,
            sources: sources, progress: knowledge, isDraft: options.isDraft, isForgiving: options.isForgiving)
        planner.excerpt = options.excerpt
        try check(options.targets, unit.stages)
        if !options.isDryRun { try builder.check(unit.workspace) }
        let remotes = options.isOffline ? [] : try builder.remotes(unit.workspace) { [events] in events.tell(.warning($0)) }
        let worker = StepWorker(
            cache: cache, remotes: remotes, runner: asked.runner, lock: unit.lock.trying(options.trialTakes), versions: asked,
            ledger: builder.ledger, sleep: builder.surroundings.sleep,
            times: ActionTimes(place: place, clock: builder.surroundings.clock, typical: builder.typicalSeconds),
            checksDeterminism: options.checksDeterminism, lends: options.precedence != nil && !earned.hasGoneTooFar)
        let cluster =
            options.isOffline || options.isDryRun || earned.hasLostCluster
            ? nil : try builder.cluster(unit.workspace) { [events] in events.tell(.warning($0)) }
        let pauseFile = PauseFile(of: place).path
        let pass = BuildPass(
            planner: planner, knowledge: knowledge, worker: worker, options: options, goals: options.targets, events: events,
            limits: builder.limits(unit.workspace, options, cluster),
            spending: Spending(unit.workspace.budget, calls: unit.workspace.limits.calls, run: options.budget, after: earned.spending),
            pauseFile: (pauseFile, sources.shown(pauseFile)), of: place, now: now, surroundings: builder.surroundings,
            forewarning: builder.forewarning, hasForewarned: earned.hasForewarned || options.isDraft, cluster: cluster)
        defer {
            (earned.spending, earned.hasForewarned) = (pass.spending, pass.hasForewarned)
            if cluster != nil, pass.cluster == nil { earned.hasLostCluster = true }
            if pass.hasGoneTooFar { earned.hasGoneTooFar = true }
        }
        pass.whileLastRun = { [unowned self] in storeAhead() }
        let number = stop.remember(pass.makeStopper())
        defer { stop.forget(number) }
        defer { nextMoment = knowledge.nextMoment }
        let ended: BuildPass.End
        do {
            ended = try await pass.run(recall.take())
        } catch {
            await storing?.value
            throw error
        }
        await storing?.value
        for link in sources.deadLinks.sorted() {
            var warning = Files.deadLink(link.text, shown: sources.shown(link.text))
            warning.severity = .warning
            events.tell(.warning(warning))
        }
        var reason: String?
        if case .repeatable(let why) = ended { reason = why }
        return Planned(unit: unit, pass: pass, knowledge: knowledge, worker: pass.worker, reason: reason)
    }

    private func check(_ targets: [Target], _ stages: [StageDefinition]) throws(Diagnostic) {
        for target in targets where !stages.contains(where: { $0.name == target.stage }) {
            throw Diagnostic(
                .usage, "there is no stage \"\(target.stage)\"",
                remedy: Suggestion.remedy(for: target.stage.text, in: stages.map(\.name.text)))
        }
    }

    /// Whether a program is still the first of its name on the search path.
    private func isFound(_ record: Memo.ProgramRecord) -> Bool {
        let places = builder.runner.places(of: record.program)
        let first = places.first { access($0, X_OK) == 0 && FileStatus($0, followingLink: true)?.isRegular == true }
        return places.isEmpty || first == record.path
    }

    /// Versions of programs that have been asked in this build, or whose files have not changed since this epbuild asked them.
    func rememberedVersions() async throws -> [Program: ProgramVersion] {
        var versions: [Program: ProgramVersion] = [:]
        for (record, digest) in programs where isFound(record) {
            if let file = try sources.file(record.path), file.digest == digest {
                versions[record.program] = ProgramVersion(path: record.path, line: record.version)
            }
        }
        versions.merge(await asked.known) { $1 }
        return options.isLookingUp ? builder.hearsay.versions.merging(versions) { $1 } : versions
    }

    /// The hand edits that stand for stages, with what would be generated in their place.
    func edits(_ planned: Planned) async throws -> [EditReport] {
        var found: [EditReport] = []
        let planner = planned.pass.planner
        for stage in planned.unit.stages where stage.isEditable {
            found += try await builder.editReports(of: stage, in: planner, at: place, planned.unit.lock)
        }
        return found
    }

    /// What a pass came to of which nothing is written into the episode.
    func report(_ planned: Planned) -> BuildReport { report(planned.unit, planned.pass, Delivery.Written(), edits: []) }

    private func report(_ unit: BuildUnit, _ pass: BuildPass, _ written: Delivery.Written, edits: [EditReport]) -> BuildReport {
        var report = BuildReport(episode: sources.shown(place.directory))
        var counts: [StageName: BuildReport.Counts] = [:]
        // Of several steps with one address, the first counts as the one that has made the result, and the others have found it.
        // There may be very many, and this is for counts alone: so they are known by their first words.
        var made = Dictionary(earned.origins.map { ($0.key.digest.firstWord, $0.value) }) { first, _ in first }
        for index in pass.planner.steps.indices {
            guard let origin = pass.origins[index], origin != .cache, let address = pass.addresses[index] else { continue }
            made[address.digest.digest.firstWord] = origin
        }
        for (index, step) in pass.planner.steps.enumerated() {
            let id = StepID(index)
            var origin = pass.origins[index]
            if origin != nil, let address = pass.addresses[index]?.digest.digest.firstWord, let earlier = made[address] {
                (origin, made[address]) = (earlier, .cache)
            }
            counts[step.stage, default: .init()].count(pass.state(of: id), origin)
            guard let result = pass.results[index] else { continue }
            if origin == .executed { report.cost += result.cost } else { report.saved += result.cost }
        }
        report.cost += pass.spending.lost
        report.stages = unit.stages.compactMap { stage in counts[stage.name].map { (stage.name, $0) } }
        report.actions = report.stages.reduce(into: .init()) { $0.add($1.counts) }
        report.outputs = written.outputs
        report.edits = edits
        report.fallbacks = pass.fallbacks
        report.warnings = pass.planner.warnings
        report.gates = pass.planner.gates.filter { !$0.state.isClosed }.map { subject, state in
            GateReport(
                target: subject.target, state: state, isEdited: subject.isEdited,
                files: (written.review[subject.target] ?? []).map(sources.shown))
        }
        report.failures = pass.failures + report.gates.compactMap(\.failure)
        report.outcome = if !report.failures.isEmpty { .failed }
            else if let manner = pass.stopped { manner == .pause ? .paused : .interrupted }
            else if pass.halt != nil { .overBudget }
            else if !report.gates.isEmpty { .waiting }
            else if report.actions.executed + report.actions.remoteHits + written.fresh.count > 0 { .built }
            else { .upToDate }
        if [.paused, .overBudget].contains(report.outcome) { report.reason = pass.halt }
        return report
    }

    /// Shares what this build has made. A result that a shared cache had before is adopted: the first one wins.
    /// - Throws: `DamagedInput` if a result was adopted, as the episode must be put together from it.
    func share(_ pass: BuildPass, with remotes: [SharedCache]) async throws {
        guard remotes.contains(where: \.push) else { return }
        let made = pass.planner.steps.indices.compactMap { index -> (ActionDigest, ActionResult)? in
            guard let result = pass.results[index], let address = pass.addresses[index]?.digest,
                (earned.origins[address] ?? pass.origins[index]) == .executed
            else { return nil }
            return (address, result)
        }
        let records = pass.records(isNew: true) + earned.records
        for remote in remotes where remote.push {
            let (sharing, name) = (Sharing(cache: cache, remote: remote.store), remote.store.name)
            // Who has served is told after what was served.
            var adopted = await sharing.push(earned.unshared(made, with: name)).adopted
            adopted += await sharing.push(earned.unshared(records, with: name)).adopted
            guard adopted > 0 else { continue }
            throw DamagedInput("\(name) had \(adopted) of these results before: they are adopted")
        }
    }
}
