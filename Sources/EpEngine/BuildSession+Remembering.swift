import EpCache
import EpCore
import EpFiles
import EpPlan

/// What a build leaves behind for the next one: the memo, the trace, and what trimming must leave.
extension BuildSession {
    /// The next build sees a program that is put at one of these places. What is no file, or cannot be read, is none.
    private func lookAgain(at places: ArraySlice<String>) {
        for place in places where FileStatus(place, followingLink: true)?.isRegular ?? true { _ = try? sources.file(place) }
    }

    func isComplete(_ report: BuildReport) -> Bool { [.built, .upToDate].contains(report.outcome) && options.isWhole }

    /// Writes what a pass came to: the trace, and if it is whole, what trimming must leave.
    func note(_ pass: BuildPass, isComplete: Bool) async throws {
        let notes = isComplete ? notes(pass) : nil
        async let noted: Void? = notes?.write()
        try writeTrace(pass, isComplete: isComplete)
        _ = try await noted
    }

    /// Writes the memo, which spares all of the rest: so it comes last. If not everything was built, only its digests will be of use.
    func remember(_ legacy: Legacy, _ report: BuildReport) throws {
        let (knowledge, written, lockFile) = (legacy.knowledge, legacy.written, legacy.lockFile)
        let isComplete = isComplete(report)
        var memo = Memo()
        (memo.fingerprint, memo.directory) = (builder.fingerprint, place.directory)
        // The lock may have been written by this build, and by others: then the next build must look at it.
        let lock = try sources.file(lockFile.path)?.digest
        isOutdated = lockFile.isChangedElsewhere || (lockFile.written != nil && lockFile.written != lock)
        memo.isUpToDate = isComplete && !isOutdated
        memo.report = report
        // Whoever reads it may stand elsewhere.
        memo.report.warnings = report.warnings.map { $0.moved(to: absolute) }
        memo.validUntil = knowledge.nextMoment
        memo.variables = knowledge.variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        for (program, version) in knowledge.versions {
            guard try sources.file(version.path) != nil else { continue }
            memo.programs.append(.init(program: program, path: version.path, version: version.line))
            // Another of its name takes its place from where it is found earlier.
            lookAgain(at: builder.runner.places(of: program).prefix { $0 != version.path })
        }
        // Whoever does without a program uses it as soon as it is there.
        for program in knowledge.missing.keys { lookAgain(at: builder.runner.places(of: program)[...]) }
        if !knowledge.versions.isEmpty || !knowledge.missing.isEmpty {
            let path = builder.surroundings.variable("PATH").map { Digest(of: Array($0.utf8)) }
            memo.variables.append(("PATH", path))
        }
        // The record too: a draft writes it, and is taken away by the next whole build.
        for path in written.files + [DeliveryRecord.path(of: place)] { _ = try sources.file(path) }
        memo.files = sources.files
        memo.absent = sources.files.all.compactMap { $0.record == nil ? $0.path.text : nil }
        for (path, stat) in sources.directories {
            if let stat { memo.directories.append((path.text, stat)) } else { memo.absent.append(path.text) }
        }
        // What is behind a link to nothing may come back.
        memo.absent += sources.deadLinks.map(\.text)
        try StateFile.makeDirectory("\(place.stateDirectory)/memo")
        StateFile.makeRoom(for: Builder.memoPath(of: place))
        try memo.write(to: Builder.memoPath(of: place), discardingInto: discards)
    }

    /// The path of a file that was named as it is seen from here; as it is if there is no such file.
    private func absolute(_ shown: String) -> String {
        let path = shown.hasPrefix("/") ? shown : "\(builder.shownFrom)/\(shown)"
        return FileStatus(path, followingLink: true) == nil ? shown : path
    }

    /// Tells why steps that had been built before were executed again.
    /// - Parameter trace: what they were made from.
    private func explain(_ pass: BuildPass, _ trace: Trace) {
        let executed = pass.planner.steps.indices.filter { pass.origins[$0] == .executed }
        guard !executed.isEmpty, !trace.isEmpty else { return }
        let before = trace.inputs(of: Set(executed.map { Trace.key(pass.planner.steps[$0]) }))
        for index in executed {
            let step = pass.planner.steps[index]
            guard let old = before[Trace.key(step)] else { continue }
            events.tell(.actionExplained(step.site, InputChange.changes(from: old, to: pass.inputs(of: index))))
        }
    }

    /// What trimming must leave: this build's results, the other takes of its actions, and the texts that edits began with. And what its
    /// actions came to.
    private func notes(_ pass: BuildPass) -> CacheNotes {
        let lock = pass.lock
        var others: [ActionDigest] = []
        if !lock.takes.isEmpty {
            for (index, address) in pass.addresses.enumerated() {
                let first = pass.resolveFirst(StepID(index))
                guard let address, let entry = lock.takes[address.takeFree.hex], var action = StepWorker.firstTake(of: first) else {
                    continue
                }
                for number in 1...entry.latest.number where number != address.take.number {
                    action.take = Take(number)
                    others.append(action.digest)
                    guard first.step.hasFallback, let served = ServingRecord.named(for: action.digest, in: cache) else { continue }
                    others += [ServingRecord.address(of: action.digest), served]
                }
            }
        }
        others += pass.records().map(\.0)
        let bases = lock.files.values.joined().compactMap(cache.blob(sha256:))
        return CacheNotes(
            cache: cache, place: place, fingerprint: builder.fingerprint, addresses: pass.addresses, results: pass.results,
            hints: pass.planner.steps.indices.map { pass.hint(of: StepID($0)) }, otherActions: others, blobs: bases,
            isRecalled: pass.isAllRecalled, standing: pass.standing.without(shardsOfNews(pass)), discards: discards)
    }

    /// The two-digit directories to which results have come in this pass.
    private func shardsOfNews(_ pass: BuildPass) -> Set<Int> {
        let news = pass.planner.steps.indices.lazy.filter { pass.origins[$0] != .cache }
        return Recall.shards(
            of: news.compactMap { index in pass.addresses[index].flatMap { address in pass.results[index].map { (address.digest, $0) } } })
    }

    /// Stores the person's files while the last steps run, as nothing else is left to do: later, the build would wait for it. What goes
    /// wrong goes wrong once more then, and is told.
    func storeAhead() {
        guard options.isWhole, !options.isDraft, !options.isDryRun, options.trialTakes.isEmpty, !place.isShow,
            let snapshot = Snapshot(of: sources, at: place)
        else { return }
        storing = Task.detached { [cache, place] in _ = try? await snapshot.store(in: cache, from: place) }
    }

    private func writeTrace(_ pass: BuildPass, isComplete: Bool) throws {
        let trace = try Trace(of: place)
        explain(pass, trace)
        // Steps that did not come out keep what is known of them.
        let accepted = Set(pass.addresses.compactMap { $0?.isAccepted == true ? $0?.digest : nil })
        let earlier = accepted.isEmpty ? [:] : trace.entries(at: accepted)
        let finished = pass.planner.steps.indices.lazy.filter { pass.results[$0] != nil }.map { index in
            let (step, address) = (pass.firstStep(StepID(index)), pass.addresses[index])
            return Trace.Remembered(
                step: step, take: pass.take(of: index), address: address?.digest,
                isAddressed: step.reading == nil && !step.isPinned && address?.isAccepted != true && pass.chains[index] == nil,
                earlier: address.flatMap { $0.isAccepted ? earlier[$0.digest] : nil }) { pass.resolveFirst(StepID(index)).inputs }
        }
        try Trace.write(finished, of: place, over: trace, keepingOthers: !isComplete, discardingInto: discards)
    }
}

extension BuildPass {
    func take(of index: Int) -> Take { addresses[index]?.take ?? .first }

    /// A step's inputs as the trace has them: those of the first action, whoever serves.
    func inputs(of index: Int) -> [Trace.Input] { Trace.inputs(of: resolveFirst(StepID(index)), take(of: index)) }
}
