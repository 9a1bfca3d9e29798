import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc
import Synchronization

/// A step whose upstream digests are known.
struct ResolvedStep: Sendable {
    let id: StepID
    let step: Step
    /// The digests of its inputs, in the order of `step.inputs`.
    let inputs: [Digest]
    /// The inputs that are executable because the step that made them left them so, by label.
    var executables: Set<String> = []

    func isExecutable(_ input: Step.Input) -> Bool { input.isExecutable || executables.contains(input.label) }
}

/// Where a step's result is found.
struct StepAddress: Sendable {
    let digest: ActionDigest
    /// The address of its first take, under which takes are kept.
    let takeFree: ActionDigest
    let take: Take
}

/// Does with one step what can be done beside others: address it, look it up, fetch it, run it, store it.
/// It holds no state of the build; the pass tells it everything.
struct StepWorker: Sendable {
    let cache: DiskCache
    let remotes: [SharedCache]
    let runner: any StepRunner
    let lock: EpisodeLock
    let versions: ProgramVersions

    /// What became of a step that was not in the local cache.
    enum End: Sendable {
        /// - messages: what its program has said.
        case stored(ActionResult, BuildEvent.Origin, messages: [String] = [])
        case failed(Diagnostic)
        /// An input was gone: the build needs another pass.
        case damaged(String)
        case cancelled
    }

    /// Where the result of a step is, with the take that the lock has for it.
    func address(of resolved: ResolvedStep) -> StepAddress {
        if case .stored(let action) = resolved.step.operation { return StepAddress(digest: action, takeFree: action, take: .first) }
        guard var action = Self.firstTake(of: resolved) else { preconditionFailure("only a pinned step has no action") }
        let takeFree = action.digest
        action.take = lock.take(of: takeFree)
        return StepAddress(digest: action.take == .first ? takeFree : action.digest, takeFree: takeFree, take: action.take)
    }

    /// Nil for a pinned step.
    static func firstTake(of resolved: ResolvedStep) -> Action? {
        let step = resolved.step
        let entries = zip(step.inputs, resolved.inputs).map {
            InputTree.Entry(label: $0.label, digest: $1, isExecutable: resolved.isExecutable($0))
        }
        let (arguments, environment): ([String], [String: String])
        switch step.operation {
        case .program(let words, let variables): (arguments, environment) = (words, variables)
        case .builtIn(let tool, let operation, let revision): (arguments, environment) = (["epbuild:\(tool).\(operation)", revision], [:])
        case .stored: return nil
        }
        return Action(
            arguments: arguments, environment: environment, outputs: step.outputs, inputs: InputTree(entries, emptyDirectories: step.emptyDirectories), platform: step.platform)
    }

    func lookUp(_ resolved: ResolvedStep) -> (id: StepID, address: StepAddress, lookup: Lookup) {
        let address = address(of: resolved)
        return (resolved.id, address, cache.lookup(address.digest, requiring: resolved.step.outputs))
    }

    /// What the shared caches know of a step.
    enum Fetched {
        case found(ActionResult)
        case missing
        /// One that might have it could not tell.
        case unanswered
    }

    /// Looks for the step in the shared caches, in order; what is found is copied into the local one.
    func fetch(_ resolved: ResolvedStep) async -> Fetched {
        let digest = address(of: resolved).digest
        var outcome = Fetched.missing
        for remote in remotes {
            do {
                let sharing = Sharing(cache: cache, remote: remote.store)
                if let result = try await sharing.fetch(digest, requiring: resolved.step.outputs) { return .found(result) }
            } catch {
                outcome = .unanswered
            }
        }
        return outcome
    }

    /// Runs a step and stores its result, unless another process has done so meanwhile.
    /// - Parameters:
    ///   - programs: the versions that the step relies on. They must be the same when it has run.
    ///   - ran: called when the step needs its place no longer.
    @concurrent func execute(_ resolved: ResolvedStep, relyingOn programs: [Program: String], ran: @Sendable () -> Void) async -> End {
        let address = address(of: resolved)
        let digest = address.digest
        do {
            let guardian = try await cache.lock(digest)
            defer { guardian.release() }
            if case .hit(let result) = cache.lookup(digest, requiring: resolved.step.outputs) { return .stored(result, .cache) }
            return try await run(resolved, digest, address.take, relyingOn: programs, ran: ran)
        } catch let damage as DamagedInput {
            return .damaged(damage.what)
        } catch let failure as StepFailure {
            return .failed(failure.diagnostic)
        } catch let problem as Diagnostic {
            return .failed(problem)
        } catch is CancellationError {
            return .cancelled
        } catch {
            return .failed(Diagnostic(.actionFailed, "\(error)"))
        }
    }

    private func run(
        _ resolved: ResolvedStep, _ digest: ActionDigest, _ take: Take, relyingOn programs: [Program: String], ran: @Sendable () -> Void
    ) async throws -> End {
        if case .stored = resolved.step.operation {
            throw StepFailure(Diagnostic(.actionFailed, "it is pinned, but no cache has the pinned result", remedy: "`epbuild unpin` lets it be made anew"))
        }
        let scratch = Mutex<ScratchDirectory?>(nil)
        defer { scratch.withLock { $0?.close() } }
        let job = Job(step: resolved.step, inputs: StoredInputs(resolved, cache), take: take, heldDescriptors: cache.lockDescriptors) { [cache] in
            try scratch.withLock { scratch in
                let made = try cache.makeScratch()
                scratch = made
                return made.path
            }
        }
        let clock = ContinuousClock()
        let start = clock.now
        let outcome = try await runner.run(job)
        let duration = clock.now - start
        var outputs: [ActionResult.Output] = []
        var staged: [StagedBlob] = []
        for path in resolved.step.outputs {
            let (blob, isExecutable) = switch outcome.outputs[path] {
            case .bytes(let bytes): (try cache.stage(bytes: bytes), false)
            case .file(let file, let isExecutable): (try cache.stage(file: file, movingIt: true), isExecutable)
            case nil: throw StepFailure(Diagnostic(.actionFailed, "the declared output \"\(path)\" was not made", remedy: "check the command and its `outputs`"))
            }
            staged.append(blob)
            outputs.append(ActionResult.Output(path: path, digest: blob.digest, isExecutable: isExecutable))
        }
        ran()
        try await versions.confirm(programs)
        let result = ActionResult(
            outputs: outputs, servedBy: outcome.servedBy, duration: duration, cost: outcome.cost, usage: outcome.usage)
        return .stored(try await cache.publish(result, for: digest, blobs: staged).result, .executed, messages: outcome.messages)
    }
}

extension StepWorker {
    @concurrent func version(of program: Program) async -> Result<ProgramVersion, Diagnostic> {
        do {
            return .success(try await runner.version(of: program))
        } catch let problem as Diagnostic {
            return .failure(problem)
        } catch {
            return .failure(Diagnostic(.unavailable, "\(program.name) does not tell its version: \(error)"))
        }
    }
}

/// The inputs of one step, verified as they are read.
struct StoredInputs: JobInputs {
    private struct Entry {
        let source: ArtifactSource
        let digest: Digest
        let isExecutable: Bool
    }

    private let entries: [Path: Entry]
    private let cache: DiskCache

    init(_ resolved: ResolvedStep, _ cache: DiskCache) {
        entries = Dictionary(zip(resolved.step.inputs, resolved.inputs).map { input, digest in
            (Path(input.label), Entry(source: input.source, digest: digest, isExecutable: resolved.isExecutable(input)))
        }) { first, _ in first }
        self.cache = cache
    }

    var labels: [String] { entries.keys.sorted().map(\.text) }

    func bytes(_ label: String) throws -> [UInt8] {
        guard let entry = entries[Path(label)] else { throw StepFailure(Diagnostic(.actionFailed, "there is no input \"\(label)\"")) }
        switch entry.source {
        case .literal(let bytes): return bytes
        case .file(let file):
            guard let bytes = try Files.read(file.path), Digest(of: bytes) == entry.digest else { throw DamagedInput("\(file.shown) changed during the build") }
            return bytes
        case .output:
            guard let bytes = try cache.bytes(entry.digest) else { throw DamagedInput("blob \(entry.digest.short) is damaged") }
            return bytes
        }
    }

    /// Inputs up to this size are read into memory at once, in bytes.
    private static let smallInput: Int64 = 4 << 20

    func reader(_ label: String) throws -> any RandomAccessBytes {
        guard let entry = entries[Path(label)], entry.digest.size > Self.smallInput else { return try bytes(label) }
        switch entry.source {
        case .literal(let bytes): return bytes
        case .file(let file):
            guard let opened = try VerifiedFile(reading: file.path), opened.digest == entry.digest else { throw DamagedInput("\(file.shown) changed during the build") }
            return opened
        case .output:
            guard let opened = try cache.open(entry.digest) else { throw DamagedInput("blob \(entry.digest.short) is damaged") }
            return opened
        }
    }

    func copy(_ label: String, to path: String) throws {
        guard let entry = entries[Path(label)] else { return }
        switch entry.source {
        case .output:
            guard try cache.copyOut(entry.digest, to: path, executable: entry.isExecutable) else { throw DamagedInput("blob \(entry.digest.short) is damaged") }
        case .file(let file):
            guard try DiskCache.copy(file.path, to: path, executable: entry.isExecutable, expecting: entry.digest) else {
                throw DamagedInput("\(file.shown) changed during the build")
            }
        case .literal(let bytes):
            try Files.makeDirectory(above: path)
            try Files.replace(path, with: bytes)
            if entry.isExecutable { chmod(path, 0o755) }
        }
    }
}
