import EpCache
public import EpCore
import EpFiles
import EpPlan
import EpText

/// How a person's edit of a generated text stands to what would be generated in its place.
public enum EditState: String, Sendable, CaseIterable, Comparable {
    /// What it was made from is what would be generated still; or nothing ever was.
    case edited
    /// What the edited item was made for is gone, or never was: the edit stands for nothing.
    case itemGone = "item gone"
    /// What would be generated now is another text, or must be made anew to know it.
    case upstreamChanged = "edited, upstream changed"
    /// Both have changed the same lines: a merge needs a person.
    case conflicting

    /// By what they ask of a person.
    public static func < (left: EditState, right: EditState) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// What became of a merge.
public struct MergeOutcome: Sendable {
    public let target: Target
    public let file: String
    /// Pairs of conflict marks in the file; 0 if the merge is clean.
    public let conflicts: Int
    /// Where the edit was put aside; nil if nothing new was generated since the edit, so that nothing was changed.
    public let kept: String?
}

/// A text that a person has changed, as it is now.
struct EditedText {
    let target: Target
    /// Relative to the episode.
    let file: String
    let bytes: [UInt8]
}

extension Inspection {
    /// The edits of a target: of a fan-out stage, those of all its items.
    /// - Throws: `Diagnostic` (usage), with this remedy, if there is none.
    func edits(of target: Target, orElse remedy: String) throws -> [EditedText] {
        _ = try view(of: target)
        let found = try pass.planner.edits(of: target).compactMap { target, text in
            try Files.read("\(place.directory)/\(text.file)").map { EditedText(target: target, file: text.file, bytes: $0) }
        }
        if found.isEmpty { throw Diagnostic(.usage, "\(target) has no hand edit", remedy: remedy) }
        return found
    }
}

/// Hand edits against generations: their states, differences and merges.
extension Builder {
    /// How the edits of a stage stand.
    func editReports(
        of stage: StageDefinition, in planner: Planner, at place: EpisodePlace, _ lock: EpisodeLock
    ) async throws -> [EditReport] {
        let edits = planner.edits(of: Target(stage: stage.name))
        let lost = planner.lostTexts.filter { $0.value.stage == stage.name && $0.value.isEdited }.keys.sorted()
        let kept = lost.map { EditReport(target: Target(stage: stage.name), file: $0.text, state: .itemGone) }
        guard edits.contains(where: { lock.files[Path($0.text.file)] != nil }) else {
            return edits.map { EditReport(target: $0.target, file: $0.text.file, state: .edited) } + kept
        }
        // What cannot be planned cannot be generated: the edits are all there is.
        let generated = try? await generations(
            of: edits.map { ($0.target, $0.text.file) }, at: place, isDryRun: true, BuildEvents(of: place, surroundings) { _ in })
        return try edits.map { target, text in
            EditReport(
                target: target, file: text.file, state: try state(of: text.file, generated: generated.map { $0[target] }, at: place, lock))
        } + kept
    }

    /// - Parameter generated: nil if nothing can be generated; nil within if that must be made to be known.
    private func state(of file: String, generated: [UInt8]??, at place: EpisodePlace, _ lock: EpisodeLock) throws -> EditState {
        guard let edit = try Files.read("\(place.directory)/\(file)") else { return .edited }
        if ConflictMarks.find(in: edit) != nil { return .conflicting }
        guard let base = lock.files[Path(file)]?.last, let generated else { return .edited }
        if generated.map({ Digest(of: $0).hex }) == base { return .edited }
        // Without the text that was edited nothing tells whether what is not made yet would be another.
        guard let original = try self.base(of: file, lock) else { return generated == nil ? .edited : .upstreamChanged }
        guard let generated else { return .upstreamChanged }
        return merge(original, edit, generated).conflicts > 0 ? .conflicting : .upstreamChanged
    }

    /// The text that was edited, as it had been generated; nil if none had, or no cache has it any more.
    private func base(of name: String, _ lock: EpisodeLock) throws -> [UInt8]? {
        guard let hex = lock.files[Path(name)]?.last, let blob = cache.blob(sha256: hex) else { return nil }
        return try cache.bytes(blob)
    }

    /// What is generated in place of edits, as far as it is known. Writes nothing into the episode.
    /// - Parameters:
    ///   - texts: of one stage: targets, and the files whose edits are left out of account.
    ///   - isDryRun: runs nothing, and asks no shared cache.
    private func generations(
        of texts: [(target: Target, file: String)], at place: EpisodePlace, isDryRun: Bool, _ events: BuildEvents,
        stop: BuildStop = BuildStop()
    ) async throws -> [Target: [UInt8]] {
        var options = BuildOptions()
        (options.isDryRun, options.isOffline, options.isForgiving) = (isDryRun, isDryRun, true)
        options.targets = texts.map(\.target)
        let (earned, start) = (Earnings(), ContinuousClock.now)
        func finish(_ report: BuildReport) {
            var report = report
            report.seconds = (ContinuousClock.now - start).seconds
            events.tell(.finished(report))
        }
        return try await settled {
            let last = try LastBuild(of: place, fingerprint: fingerprint)
            let session = BuildSession(
                builder: self, place: place, options: options, events: events, cache: isDryRun ? nil : telling(events), last: last,
                earned: earned)
            let planned = try await session.pass(ignoringEdits: Set(texts.map { Path($0.file) }), stop: stop)
            do {
                if let manner = planned.pass.stopped, manner != .pause {
                    finish(session.report(planned))
                    throw ToldFailure(error: CancellationError())
                }
                if let reason = planned.reason { throw DamagedInput(reason) }
                if !isDryRun, let error = planned.pass.failures.map(\.diagnostic).error {
                    finish(session.report(planned))
                    throw ToldFailure(error: error)
                }
                let known = try generated(of: texts.map(\.target), planned, isDryRun: isDryRun)
                if !isDryRun {
                    try await session.share(planned.pass, with: planned.worker.remotes)
                    finish(session.report(planned))
                }
                return known
            } catch let damage as DamagedInput {
                earned.note(planned.pass)
                events.tell(.passRepeated(reason: damage.what))
                throw damage
            }
        }
    }

    /// The same, made as far as it is not there: a build.
    private func generations(
        of texts: [(target: Target, file: String)], at place: EpisodePlace, _ readings: [BuildReading], _ stop: BuildStop
    ) async throws -> [Target: [UInt8]] {
        let events = BuildEvents(of: place, surroundings, readings: readings)
        events.tell(.started(BuildEvent.BuildStart()))
        let made: Result<[Target: [UInt8]], any Error>
        do {
            made = .success(try await generations(of: texts, at: place, isDryRun: false, events, stop: stop))
        } catch let failure as ToldFailure {
            made = .failure(failure.error)
        } catch {
            made = .failure(error)
            let report = BuildReport(of: shown(place), endedBy: error)
            report.failures.forEach { events.tell(.failed($0)) }
            events.tell(.finished(report))
        }
        for reading in readings { await reading.caughtUp() }
        return try made.get()
    }

    /// What ended a build, and was told by it.
    private struct ToldFailure: Error {
        let error: any Error
    }

    /// - Throws: `DamagedInput` for a blob that must be made anew.
    private func generated(of targets: [Target], _ planned: BuildSession.Planned, isDryRun: Bool) throws -> [Target: [UInt8]] {
        if let error = planned.pass.failures.map(\.diagnostic).error ?? planned.pass.halt { throw error }
        let digests = targets.compactMap { target in planned.pass.generated(target).map { (target, $0) } }
        if digests.isEmpty, !isDryRun, let error = planned.pass.planner.problems.diagnostics.error { throw error }
        return Dictionary(uniqueKeysWithValues: try digests.map { target, digest in
            guard let bytes = try cache.bytes(digest) else { throw DamagedInput("blob \(digest.short) is damaged") }
            return (target, bytes)
        })
    }

    /// Brings hand edits and new generations together. What has to be generated is built first.
    /// - Parameters:
    ///   - readings: are told of that as a build of its own, as what it costs belongs into the ledger.
    ///   - stop: stops it.
    /// - Throws: `Diagnostic` if there is no edit, or nothing to merge it with; `CancellationError` if it was stopped.
    public func merge(
        _ target: Target, in inspection: Inspection, readings: [BuildReading], stop: BuildStop = BuildStop()
    ) async throws -> [MergeOutcome] {
        let place = inspection.place
        let before = try inspection.edits(of: target, orElse: "`epbuild status` tells what is edited")
        if let edit = before.first(where: { inspection.lock.files[Path($0.file)] == nil }) {
            throw Diagnostic(.usage, "\(edit.file) was written by hand, not generated", remedy: "there is nothing to merge it with")
        }
        try cache.requireWriting()
        let generated = try await generations(of: before.map { ($0.target, $0.file) }, at: place, readings, stop)
        // That may have taken minutes, and a person goes on writing.
        return try inspection.edits(of: target, orElse: "it was taken away while a new text was generated").map { edit in
            if let line = ConflictMarks.find(in: edit.bytes) {
                throw Diagnostic(
                    .badInput, "a merge left a conflict here", at: SourceLocation(file: edit.file, line: line, column: 1),
                    remedy: "keep what you want of both versions and remove the marks, or `epbuild revert` it")
            }
            guard let text = generated[edit.target] else {
                throw Diagnostic(.usage, "\(edit.target) cannot be generated yet", remedy: "`epbuild status` tells what it waits for")
            }
            let digest = Digest(of: text)
            if inspection.lock.files[Path(edit.file)]?.last == digest.hex {
                return MergeOutcome(target: edit.target, file: edit.file, conflicts: 0, kept: nil)
            }
            guard let base = try base(of: edit.file, inspection.lock) else {
                throw Diagnostic(
                    .actionFailed, "the generation that was edited is in no cache any more",
                    remedy: "`epbuild revert` gives the new one and puts your edit aside: bring them together by hand")
            }
            let merged = merge(base, edit.bytes, text)
            let kept = try putAside(edit, place)
            // The file first: a crash in between leaves an edit that can be merged again, never one that is lost.
            let path = try PersonalFile.place("\(place.directory)/\(edit.file)")
            guard try DiskCache.write(merged.bytes, to: path, over: Digest(of: edit.bytes)) else {
                throw Diagnostic(
                    .actionFailed, "\(edit.file) was saved just while it was merged, and stands as you saved it", remedy: "merge it again")
            }
            try change(inspection) { $0.files[Path(edit.file)] = [digest.hex] }
            return MergeOutcome(target: edit.target, file: edit.file, conflicts: merged.conflicts, kept: kept)
        }
    }

    /// The difference between generated texts and their edits, as `diff -u` prints it; empty if there is none.
    public func difference(of target: Target, in inspection: Inspection) throws -> String {
        let edits = try inspection.edits(of: target, orElse: "`--takes 1 2` compares two takes")
        let differences = try edits.compactMap { edit in
            try base(of: edit.file, inspection.lock).map {
                UnifiedDiff(LineDiff(from: $0, to: edit.bytes), oldName: "generated/\(edit.file)", newName: edit.file).text
            }
        }
        guard !differences.isEmpty else {
            throw Diagnostic(
                .usage, "\(edits[0].file) has no generated text to compare it with",
                remedy: "it was written by hand, or its generation is in no cache here: `epbuild merge` makes it anew")
        }
        return differences.joined()
    }

    /// Gives up hand edits: the next build writes the generated texts in their place.
    /// - Returns: where each was put aside.
    public func revert(_ target: Target, in inspection: Inspection) throws -> [(target: Target, kept: String)] {
        try inspection.edits(of: target, orElse: "there is nothing to give up; `epbuild status` tells what is edited").map { edit in
            let kept = try putAside(edit, inspection.place)
            try change(inspection) { $0.files[Path(edit.file)] = [Digest(of: edit.bytes).hex] }
            return (edit.target, kept)
        }
    }

    /// Keeps a copy of an edit that is about to go from the episode.
    /// - Returns: where.
    private func putAside(_ edit: EditedText, _ place: EpisodePlace) throws -> String {
        let kept = "\(place.stateDirectory)/edits/\(Digest(of: edit.bytes).short)-\(EpisodePlace.flat(edit.file))"
        try StateFile.makeDirectory("\(place.stateDirectory)/edits")
        try Files.replace(kept, with: edit.bytes, durably: true)
        return kept
    }

    private func merge(_ base: [UInt8], _ edit: [UInt8], _ generated: [UInt8]) -> ThreeWayMerge {
        ThreeWayMerge(
            base: base, ours: edit, theirs: generated, names: .init(ours: "your edit", base: "generated before", theirs: "generated now"))
    }
}

extension BuildPass {
    /// The text that a target's action has made; nil if it has not run.
    fileprivate func generated(_ target: Target) -> Digest? {
        guard let file = planner.item(target)?.files.first, case .output(let step, let path) = file.source else { return nil }
        return results[step.index]?[path]
    }
}
