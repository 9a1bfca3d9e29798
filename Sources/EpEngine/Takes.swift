
import EpCache
public import EpCore
import EpPlan

/// Takes and hand edits: the decisions that a person records in the lock.
extension Builder {
    /// One rendition of an action.
    public struct TakeView: Sendable {
        public let take: Take
        public let isUsed: Bool
        /// What it came to, if it is in the local cache.
        public let result: ActionResult?
    }

    /// Asks for a new take of every action of some targets.
    /// - Returns: how many actions of each will run anew.
    /// - Throws: `Diagnostic` if a target has no action whose inputs are known.
    public func clean(_ targets: [Target], in inspection: Inspection) throws -> [(target: Target, count: Int)] {
        let actions = try targets.map { ($0, try known($0, inspection)) }
        try change(inspection) { lock in
            for (target, known) in actions { advance(known, for: target, in: &lock) }
        }
        return actions.map { ($0, $1.count) }
    }

    /// Makes takes of a target to choose from. Which one is in use stays as it is.
    /// - Parameter count: how many there are to be, from 1.
    /// - Returns: how many actions were executed, what they cost, and what failed.
    public func makeTakes(
        _ count: Int, of target: Target, at place: EpisodePlace, _ options: BuildOptions, readings: [BuildReading],
        stop: BuildStop = BuildStop()
    ) async throws -> BuildReport {
        var options = options
        options.targets = [target]
        var sum = await start(place, options, readings: readings, stop: stop).end()
        let whole = options.budget
        for number in 1...count where sum.failures.isEmpty && !sum.isUnfinished {
            let inspection = try await inspect(place)
            options.budget = whole?.left(after: sum.cost)
            options.trialTakes = Dictionary(try known(target, inspection).map { ($0.digest, Take(number)) }) { first, _ in first }
            let report = await start(place, options, readings: readings, stop: stop).end()
            sum.actions.add(BuildReport.Counts(executed: report.actions.executed, failed: report.actions.failed))
            (sum.cost, sum.failures) = (sum.cost + report.cost, report.failures)
            if report.outcome != .upToDate { (sum.outcome, sum.reason) = (report.outcome, report.reason) }
        }
        guard sum.failures.isEmpty, !sum.isUnfinished else { return sum }
        let inspection = try await inspect(place)
        let actions = try known(target, inspection)
        try change(inspection) { lock in
            for known in actions {
                let entry = lock.takes[known.digest.hex] ?? .init(take: .first, latest: .first, note: target.description)
                lock.takes[known.digest.hex] = .init(take: entry.take, latest: max(entry.latest, Take(count)), note: entry.note)
            }
        }
        return sum
    }

    /// Chooses a take of every action of a target; the first leaves no trace.
    public func use(_ take: Take, of target: Target, in inspection: Inspection) throws -> Int {
        let actions = try known(target, inspection)
        try change(inspection) { lock in
            for known in actions {
                let latest = latestTake(of: known, lock)
                guard take <= latest else {
                    throw Diagnostic(
                        .usage, "\(target) has no take \(take)", remedy: "its takes are 1 to \(latest); `epbuild clean` asks for another")
                }
                lock.accepts[known.digest.hex] = nil
                lock.takes[known.digest.hex] = latest == .first ? nil : .init(take: take, latest: latest, note: target.description)
            }
        }
        return actions.count
    }

    /// The takes of each action of a target.
    public func takes(
        of target: Target, in inspection: Inspection
    ) throws -> [(target: Target, step: String, name: String, takes: [TakeView])] {
        try known(target, inspection).map { known in
            let used = inspection.lock.takes[known.digest.hex]?.take ?? .first
            let takes = (1...latestTake(of: known, inspection.lock).number).map { number in
                TakeView(
                    take: Take(number), isUsed: Take(number) == used && inspection.lock.accepts[known.digest.hex] == nil,
                    result: result(of: Take(number), known.action))
            }
            return (known.target, known.step, known.step.isEmpty ? "\(known.target)" : "\(known.target) (\(known.step))", takes)
        }
    }

    /// The highest take that was asked for, here or by another machine whose result is in the local cache: its number
    /// must not be given to a new take, which would then be that old one.
    private func latestTake(of known: KnownAction, _ lock: EpisodeLock) -> Take {
        var latest = lock.takes[known.digest.hex]?.latest ?? .first
        while result(of: latest.next, known.action) != nil { latest = latest.next }
        return latest
    }

    private func result(of take: Take, _ action: Action) -> ActionResult? {
        var action = action
        action.take = take
        if case .hit(let result) = cache.lookup(action.digest, requiring: action.outputs) { return result }
        guard let served = ServingRecord.named(for: action.digest, in: cache),
            case .hit(let result) = cache.lookup(served, requiring: action.outputs)
        else { return nil }
        return result
    }

    struct KnownAction {
        let target: Target
        let step: String
        /// Under which its takes are kept.
        let digest: ActionDigest
        let action: Action
    }

    /// Asks for another take of every one of these actions.
    func advance(_ actions: [KnownAction], for target: Target, in lock: inout EpisodeLock) {
        for known in actions {
            let next = latestTake(of: known, lock).next
            lock.takes[known.digest.hex] = .init(take: next, latest: next, note: target.description)
            lock.accepts[known.digest.hex] = nil
        }
    }

    /// The distinct actions of a target, each for the first step that needs it.
    func known(_ target: Target, _ inspection: Inspection) throws -> [KnownAction] {
        var seen: Set<ActionDigest> = []
        let actions = inspection.steps(of: target).compactMap { step -> KnownAction? in
            guard let digest = step.takeFree, let action = step.action, seen.insert(digest).inserted else { return nil }
            return KnownAction(target: step.target, step: step.name, digest: digest, action: action)
        }
        guard !actions.isEmpty else { throw try inspection.absence(of: target) }
        return actions
    }

    /// Records a person's decision in the lock.
    func change(_ inspection: Inspection, _ change: (inout EpisodeLock) throws -> Void) throws {
        let place = inspection.place
        try LockFile(of: place, seen: inspection.lock, shown: "\(place.directory)/\(EpisodeLock.fileName)").update(change)
    }
}

extension Inspection {
    /// Why a target has no action to ask about.
    /// - Throws: `Diagnostic` (usage) if there is no such stage.
    public func absence(of target: Target) throws(Diagnostic) -> Diagnostic {
        let stage = try view(of: target)
        if isEdited(target) {
            return Diagnostic(.usage, "\(target) is edited by hand, so nothing generates it", remedy: "`epbuild revert` gives the edit up")
        }
        if case .source = stage.definition.kind {
            return Diagnostic(.usage, "\(target.stage) is files of yours: nothing generates them", remedy: "change them, and build again")
        }
        guard let item = target.item, stage.knowledge == .known else {
            return Diagnostic(.usage, "\(target) has no action that is known yet", remedy: "build what it depends on first")
        }
        var seen: Set<Path> = []
        let items = steps(of: Target(stage: target.stage)).compactMap(\.target.item).filter { seen.insert(Path($0)).inserted }
        let remedy = items.isEmpty ? "name the stage alone: it has no items" : Suggestion.remedy(for: item, amongItems: items)
        return Diagnostic(.usage, "stage \"\(target.stage)\" has no item \"\(item)\"", remedy: remedy)
    }
}
