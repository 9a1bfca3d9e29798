public import EpCore
import EpFiles
public import EpPlan

/// A provider that is a program, run until what it makes can be kept or no further run helps.
///
/// Once, unless its `attempts` says otherwise: most programs do the same each time.
public struct ProgramAttempts: Sendable {
    private let job: Job
    private let services: Services
    private let name: String
    private let policy: AttemptPolicy
    private let meanings: ExitMeanings

    public init(_ job: Job, _ services: Services) {
        (self.job, self.services) = (job, services)
        let provider = job.step.service?.configuration
        name = provider?.name ?? job.step.service?.name ?? job.step.tool.text
        let retry = job.step.retry.over(provider?.retry ?? RetrySettings())
        var policy = AttemptPolicy(retry)
        policy.attempts = retry.attempts ?? 1
        self.policy = policy
        meanings = ExitMeanings(provider?.settings["exit_statuses"])
    }

    /// - Parameters:
    ///   - run: runs the program.
    ///   - accept: makes of its result what is kept.
    /// - Throws: `StepFailure`, `DamagedInput` or `CancellationError`.
    public func run(
        _ run: @Sendable () async throws -> JobResult, accept: @Sendable (JobResult) async throws -> JobResult
    ) async throws -> JobResult {
        for attempt in 1... {
            do {
                return try await accept(explained(run))
            } catch let failure as StepFailure {
                let wait = policy.wait(after: attempt, server: nil, chance: services.time.chance())
                guard attempt < policy.attempts, failure.isWorthAnotherRun, let wait else { throw failure }
                try await job.door.again(
                    Retry(name, attempts: attempt, of: policy.attempts, after: failure.diagnostic, cost: failure.cost, wait: wait))
            }
        }
        throw CancellationError()
    }

    /// What it means that the program failed.
    private func explained(_ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        do {
            return try await run()
        } catch let failure as StepFailure {
            guard let status = failure.exitStatus, let kind = meanings.kind(of: status) else { throw failure }
            let told = ProviderFailure(kind, failure.diagnostic.message).diagnostic(of: name)
            throw StepFailure(told, cost: failure.cost, exitStatus: status)
        }
    }
}

extension StepFailure {
    fileprivate var isWorthAnotherRun: Bool { [.badAnswer, .providerFailed].contains(diagnostic.code) && kind != nil }
}

extension JobResult {
    /// One of its outputs; nil if it is not there.
    /// - Throws: `Diagnostic` if it cannot be read.
    public func bytes(of output: String) throws(Diagnostic) -> [UInt8]? {
        switch outputs[Path(output)] {
        case .bytes(let bytes): bytes
        case .file(let path, _): try Files.read(path)
        case nil: nil
        }
    }
}

/// `exit_statuses:` of a program that serves: `{ 3: refused, 75: transient }`.
struct ExitMeanings: Sendable {
    private let kinds: [Int32: ProviderFailure.Kind]

    static let names: [(name: String, kind: ProviderFailure.Kind)] = [
        ("transient", .transient), ("too_often", .tooOften), ("bad_answer", .badAnswer), ("cut_off", .cutOff), ("refused", .refused),
        ("too_long", .tooLong), ("spend_limit", .money), ("key_rejected", .key), ("wrong_question", .wrongQuestion),
    ]

    /// - Parameter value: as it was checked.
    init(_ value: Value?) {
        let pairs = (value?.members ?? []).compactMap { member -> (Int32, ProviderFailure.Kind)? in
            guard let status = Int32(member.key), let kind = Self.names.first(where: { $0.name == member.value.string })?.kind else {
                return nil
            }
            return (status, kind)
        }
        kinds = Dictionary(pairs) { first, _ in first }
    }

    func kind(of status: Int32) -> ProviderFailure.Kind? { kinds[status] }

    static func check(_ fields: inout Fields) {
        guard let node = fields.node("exit_statuses"), node.value != .null else { return }
        guard case .object(let entries) = node.content else {
            fields.report(Diagnostic(
                .badInput, "`exit_statuses` of \(fields.subject) must say what each status means", at: node.location,
                remedy: "write `exit_statuses: { 3: refused, 75: transient }`"))
            return
        }
        for entry in entries {
            if Int32(entry.key).map({ (1...255).contains($0) }) != true {
                fields.report(Diagnostic(
                    .badInput, "\"\(entry.key)\" is no exit status of a failure: it must be from 1 to 255", at: entry.keyLocation))
            }
            let name = entry.value.value.string ?? ""
            if !names.contains(where: { $0.name == name }) {
                fields.report(
                    Diagnostic(
                        .badInput, "`exit_statuses` of \(fields.subject) has \"\(name)\", which is nothing that can go wrong",
                        at: entry.value.location,
                        remedy: Suggestion.remedy(for: name, in: names.map(\.name))))
            }
        }
    }
}
