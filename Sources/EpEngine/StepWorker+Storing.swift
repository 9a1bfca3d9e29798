import EpCache
import EpCore
import EpPlan

/// What is held while a result is made, until it is stored.
struct Hold: Sendable {
    private let guardian: ActionLock
    /// Of the shared store where others wait for it; nil: nobody does.
    fileprivate let lease: SharedTurn.Lease?

    init(_ guardian: ActionLock, _ lease: SharedTurn.Lease? = nil) { (self.guardian, self.lease) = (guardian, lease) }

    /// Lets go, of the lease first: whoever holds the action here takes a lease of this machine's for one that was left.
    func end() async {
        await lease?.end()
        guardian.release()
    }
}

/// What a step has made, before it is stored. In one place, as hundreds of them may wait for the disk at once.
final class Unstored: Sendable {
    let resolved: ResolvedStep
    /// Where it is going to be.
    let address: ActionDigest
    let result: ActionResult
    fileprivate let blobs: [StagedBlob]
    fileprivate let messages: [String]
    fileprivate let trail: ReadingTrail?
    /// What the trail says that no record has said before.
    fileprivate let record: ReadingRecord?
    fileprivate let hold: Hold

    fileprivate init(
        _ resolved: ResolvedStep, _ address: ActionDigest, _ result: ActionResult, _ blobs: [StagedBlob], _ messages: [String],
        _ trail: ReadingTrail?, _ record: ReadingRecord?, _ hold: Hold
    ) {
        (self.resolved, self.address, self.result, self.blobs, self.messages) = (resolved, address, result, blobs, messages)
        (self.trail, self.record, self.hold) = (trail, record, hold)
    }
}

/// From what a step has made to a result that stands.
extension StepWorker {
    /// Takes what was made out of where it was made.
    func stage(
        _ outcome: JobResult, of resolved: ResolvedStep, at address: ActionDigest, duration: Duration, _ hold: Hold,
        along trail: ReadingTrail?, new record: ReadingRecord?
    ) throws -> Unstored {
        var outputs: [ActionResult.Output] = []
        var staged: [StagedBlob] = []
        for path in resolved.step.outputs.flatMap(outcome.paths) {
            let (blob, isExecutable) =
                switch outcome.outputs[Path(path)] {
                case .bytes(let bytes): (try cache.stage(bytes: bytes), false)
                case .file(let file, let isExecutable): (try cache.stage(file: file, movingIt: true), isExecutable)
                case nil:
                    throw StepFailure(
                        Diagnostic(
                            .actionFailed, "the declared output \"\(path)\" was not made", remedy: "check the command and its `outputs`"))
                }
            staged.append(blob)
            outputs.append(ActionResult.Output(path: path, digest: blob.digest, isExecutable: isExecutable))
        }
        let result = ActionResult(
            outputs: outputs, servedBy: outcome.servedBy, duration: duration, cost: outcome.cost, usage: outcome.usage)
        return Unstored(resolved, address, result, staged, outcome.messages, trail, record, hold)
    }

    /// Makes it durable, and lets go of all that was held for it.
    func store(_ made: Unstored, relyingOn programs: [Program: String], ran: @Sendable (ActionResult?) -> Void) async -> End {
        let isLent = isLent(made)
        if isLent { cache.lend(made.blobs) }
        ran(isLent ? made.result : nil)
        var end: End
        do {
            end = .stored(try await publish(made, relyingOn: programs), .executed, messages: made.messages, trail: made.trail)
        } catch {
            end = End(charged(error, made.result.cost))
        }
        if isLent { cache.takeBack(made.blobs) }
        await made.hold.end()
        return end
    }

    private func isLent(_ made: Unstored) -> Bool {
        let resolved = made.resolved
        return lends && made.result.cost == .zero && resolved.step.call == nil && resolved.first == nil && made.trail == nil
    }

    private func publish(_ made: Unstored, relyingOn programs: [Program: String]) async throws -> ActionResult {
        try await versions.confirm(programs)
        let standing = try await cache.publish(made.result, for: made.address, blobs: made.blobs).result
        try await record(made.resolved, made.address, standing)
        try await made.record?.store(in: cache)
        return await made.hold.lease?.share(standing, of: made.address) ?? standing
    }

    /// What was paid for is paid for, though it could not be kept.
    func charging<Value>(_ cost: Cost, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw charged(error, cost)
        }
    }

    private func charged(_ error: any Error, _ cost: Cost) -> any Error {
        switch error {
        case let failure as StepFailure: StepFailure(failure.diagnostic, failure.kind, cost: cost)
        case let problem as Diagnostic: StepFailure(problem, cost: cost)
        default: error
        }
    }
}

extension StepWorker.End {
    /// What a step comes to that was ended by an error.
    init(_ error: any Error) {
        self = switch error {
        case is StepWithdrawn: .withdrawn
        case let reason as NotElsewhere: .notElsewhere(reason)
        case let damage as DamagedInput: .damaged(damage.what)
        case let failure as StepFailure: .failed(failure)
        case let problem as Diagnostic: .failed(StepFailure(problem))
        case is CancellationError: .cancelled
        default: .failed(StepFailure(Diagnostic(.actionFailed, "\(error)")))
        }
    }
}
