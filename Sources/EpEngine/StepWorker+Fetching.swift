import EpCache
import EpCore
import EpFiles
import EpPlan

/// What other machines have made, and who of several has served.
extension StepWorker {
    /// What the ledger says of the time before this build.
    typealias SpentBefore = (episode: Cost, month: Cost)

    @concurrent func askLedger(_ place: EpisodePlace, _ moment: Moment) async -> Result<SpentBefore, Diagnostic> {
        do throws(Diagnostic) {
            return .success(try await ledger.spent(by: place, inMonthOf: moment))
        } catch {
            return .failure(error)
        }
    }

    /// What the shared caches know of a step.
    enum Fetched {
        case found(ActionResult, BuildEvent.Origin, ReadingTrail? = nil)
        /// - record: the action that has served in its place, as a shared cache says.
        case missing(record: ActionDigest? = nil)
        /// One that might have it could not tell.
        case unanswered
        /// It could not be written down that a fallback serves.
        case failed(StepFailure)
    }

    /// Looks for the step in the shared caches, in order; what is found is copied into the local one.
    /// That a fallback serves is written down.
    func fetch(_ resolved: ResolvedStep) async -> Fetched {
        if resolved.step.reading != nil { return await fetchAlongTrail(resolved) }
        let address = address(of: resolved)
        let fetched = await look(for: resolved, address.digest)
        guard resolved.isToBeRecorded, case .found(let result, _, _) = fetched else { return fetched }
        do {
            try await record(resolved, address.digest, result)
            return fetched
        } catch {
            return .failed(StepFailure(error as? Diagnostic ?? Diagnostic(.system, "\(error)")))
        }
    }

    func look(for resolved: ResolvedStep, _ digest: ActionDigest) async -> Fetched {
        if resolved.isToBeRecorded, case .hit(let result) = cache.lookup(digest, requiring: resolved.step.outputs) {
            return .found(result, .cache)
        }
        var outcome = Fetched.missing()
        for remote in remotes {
            do {
                let sharing = Sharing(cache: cache, remote: remote.store)
                if let result = try await sharing.fetch(digest, requiring: resolved.step.outputs) { return .found(result, .remote) }
            } catch {
                outcome = .unanswered
            }
        }
        guard resolved.first == nil, resolved.step.hasFallback, !address(of: resolved).isAccepted else { return outcome }
        for remote in remotes {
            let sharing = Sharing(cache: cache, remote: remote.store)
            if let record = try? await ServingRecord.fetch(for: digest, sharing) { return .missing(record: record) }
        }
        return outcome
    }

    /// Writes down that a fallback serves, if nobody has.
    func record(_ resolved: ResolvedStep, _ served: ActionDigest, _ result: ActionResult) async throws {
        guard resolved.isToBeRecorded, let first = resolved.first else { return }
        try await ServingRecord(first: first.digest, served: served, servedBy: result.servedBy).store(in: cache)
    }
}
