import EpCache
import EpCore
import EpPlan

/// The way from what a step declares to where its result is, if its program tells afterwards what it has read.
///
/// It begins at the action of the declared inputs alone. Where that has no result, a record may say what else was read; with the contents
/// that these
/// files have now it is another action, and so on. Each step of the way depends on contents alone, so every machine goes the same way.
struct ReadingTrail: Sendable {
    /// Of the declared inputs alone: takes are kept under it, and whoever runs the step holds its lock.
    let first: StepAddress
    /// What the program is known to have read, by labels.
    var read: Set<Path> = []
    /// Where the result is, or where nobody knows further.
    var address: StepAddress
    /// What has led there.
    var records: [ReadingRecord] = []

    init(_ first: StepAddress) { (self.first, address) = (first, first) }

    /// The longest that it may be: a program's files name others, and those others again.
    static let longest = 100
}

extension ResolvedStep {
    /// The step with those of the offered files among its inputs that are known to have been read.
    func reading(_ labels: Set<Path>, after first: StepAddress? = nil) -> ResolvedStep {
        step.reading == nil ? self : narrowed(to: step.reading(labels), first)
    }

    /// The step with all that its program finds in its directory.
    var offering: ResolvedStep { step.reading == nil ? self : narrowed(to: step.offering, nil) }

    private func narrowed(to step: Step, _ first: StepAddress?) -> ResolvedStep {
        let offered = step.inputs.dropFirst(step.declaredCount).compactMap { input in
            if case .file(let file) = input.source { file.digest } else { nil }
        }
        var narrowed = ResolvedStep(id: id, step: step, inputs: inputs.prefix(step.declaredCount) + offered, executables: executables)
        narrowed.first = first
        return narrowed
    }
}

extension StepWorker {
    /// Goes as far as the local cache knows.
    func trail(of resolved: ResolvedStep) -> (trail: ReadingTrail, lookup: Lookup, isRecalled: Bool) {
        var trail = ReadingTrail(address(of: resolved.reading([])))
        while true {
            if let known = recall?.result(of: trail.address.digest, requiring: resolved.step.outputs) { return (trail, .hit(known), true) }
            let lookup = cache.lookup(trail.address.digest, requiring: resolved.step.outputs)
            if case .hit = lookup { return (trail, lookup, false) }
            guard let record = ReadingRecord.of(trail.address.digest, in: cache), follow(record, &trail, resolved) else {
                return (trail, .miss, false)
            }
        }
    }

    /// Goes further by what the shared caches know.
    func fetchAlongTrail(_ resolved: ResolvedStep) async -> Fetched {
        var (trail, lookup, _) = trail(of: resolved)
        if case .hit(let result) = lookup { return .found(result, .cache, trail) }
        while true {
            switch await look(for: resolved, trail.address.digest) {
            case .found(let result, let origin, _): return .found(result, origin, trail)
            case .unanswered: return .unanswered
            case .missing, .failed: break
            }
            var record = ReadingRecord.of(trail.address.digest, in: cache)
            for remote in remotes where record == nil {
                record = try? await ReadingRecord.fetch(trail.address.digest, Sharing(cache: cache, remote: remote.store))
            }
            guard let record, follow(record, &trail, resolved) else { return .missing() }
            if case .hit(let result) = cache.lookup(trail.address.digest, requiring: resolved.step.outputs) {
                return .found(result, .cache, trail)
            }
        }
    }

    /// - Returns: false if a record leads nowhere new.
    private func follow(_ record: ReadingRecord, _ trail: inout ReadingTrail, _ resolved: ResolvedStep) -> Bool {
        let address = address(of: resolved.reading(record.read, after: trail.first))
        guard trail.records.count < ReadingTrail.longest, address.digest != trail.address.digest,
            !trail.records.contains(where: { $0.action == address.digest })
        else { return false }
        trail.records.append(record)
        (trail.read, trail.address) = (record.read, address)
        return true
    }

    /// Where the result of a program that has run is to stand.
    /// - Parameters:
    ///   - trail: as far as it was known before.
    ///   - read: what the program says.
    /// - Returns: the whole way; its last record is new if what it says was not known.
    func trail(_ trail: ReadingTrail, reaching read: Set<Path>, _ resolved: ResolvedStep) -> ReadingTrail {
        var whole = trail
        let address = address(of: resolved.reading(read, after: trail.first))
        if address.digest != trail.address.digest { whole.records.append(ReadingRecord(action: trail.address.digest, read: read)) }
        (whole.read, whole.address) = (read, address)
        return whole
    }
}

extension BuildPass {
    /// Has the plan say what a step's program has read: as inputs like others, for whoever explains, shares and remembers.
    /// - Parameter isDone: false if its result is not known yet: then it stays where twins wait for it.
    func note(_ trail: ReadingTrail?, of id: StepID, isDone: Bool) {
        guard let trail else { return }
        planner.replace(id, by: planner.steps[id.index].reading(trail.read))
        guard isDone else { return }
        // Twins look for themselves: what they are offered may be other files.
        endTwins(of: id).forEach { schedule.restart($0) }
        addresses[id.index] = trail.address
        trails[id.index] = trail
    }

    /// The records that lead to results, by their addresses.
    /// - Parameter isNew: only to those that were made in this pass.
    private func readingRecords(isNew: Bool) -> [(ActionDigest, ActionResult)] {
        trails.sorted { $0.key < $1.key }.filter { !isNew || origins[$0.key] == .executed }.flatMap {
            $0.value.records.map { ($0.address, $0.result) }
        }
    }

    /// What is no result of a step and leads to one: who has served, and what was read.
    /// - Parameter isNew: only what this pass has found out.
    func records(isNew: Bool = false) -> [(ActionDigest, ActionResult)] { servingRecords(isNew: isNew) + readingRecords(isNew: isNew) }
}
