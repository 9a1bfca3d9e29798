import EpCache
public import EpCore
import EpPlan

/// Who vouches for an episode's results in the workspace's shared caches.
extension Builder {
    /// What became of the results of one episode in one shared cache.
    public struct Signed: Sendable {
        public let cache: String
        /// Results that are signed now, and were not.
        public var signed = 0
        /// Those that the key had signed before.
        public var known = 0
        /// Those that stand there with other outputs than here: nobody vouches for them by this.
        public var others = 0
        /// Those that do not stand there.
        public var missing = 0
        /// Those that could not be asked about or written; why has been told.
        public var failed = 0
    }

    /// Signs what an episode is built from where it stands in shared caches as it stands here, with the key that each cache's `sign_env`
    /// names.
    /// - Throws: `Diagnostic` (usage) if there is no cache to sign in.
    public func sign(_ place: EpisodePlace, warn: @escaping @Sendable (Diagnostic) -> Void) async throws -> [Signed] {
        let (pass, remotes) = try await look(place, isOffline: true, warn)
        let stores = remotes.filter(\.push).compactMap { remote in remote.store.signing.flatMap { $0.signs ? (remote.store.name, $0) : nil }
        }
        guard !stores.isEmpty else {
            throw Diagnostic(
                .usage, "this workspace has no shared cache in which results are signed",
                remedy: "make a key with `epbuild cache keys make NAME`, and name its variable: `push: true, sign_env: EPBUILD_SIGNING_KEY`"
            )
        }
        let results = pass.results() + pass.records()
        var all: [Signed] = []
        for (name, store) in stores {
            var tally = Signed(cache: name)
            for end in await Self.each(results, { try await Self.sign($1, $0, in: store) }) {
                switch end {
                case .signed: tally.signed += 1
                case .known: tally.known += 1
                case .other: tally.others += 1
                case .missing: tally.missing += 1
                case nil: tally.failed += 1
                }
            }
            all.append(tally)
        }
        return all
    }

    private enum SignEnd { case signed, known, other, missing }

    private static func sign(_ result: ActionResult, _ action: ActionDigest, in store: any SigningStore) async throws -> SignEnd {
        guard let standing = try await store.standing(for: action) else { return .missing }
        guard standing.result.outputs == result.outputs else { return .other }
        if standing.isOwn { return .known }
        try await store.sign(standing, for: action)
        return .signed
    }

    /// Who vouches for the results of one episode in one shared cache.
    public struct Vouched: Sendable {
        public let cache: String
        /// True if that cache has a list of keys: then what is neither signed nor known is not taken.
        public let isGuarded: Bool
        /// Results by the name of a known key that has signed them.
        public var byKey: [String: Int] = [:]
        /// Results that others have signed, by the names of their keys.
        public var byUnknown: [String: Int] = [:]
        /// Results with a signature that is not what its name says.
        public var forged = 0
        public var unsigned = 0
        /// Those that do not stand there, and that could not be asked about.
        public var missing = 0
        public var failed = 0

        /// Results that are not taken for want of a signature.
        public var refused: Int { isGuarded ? byUnknown.values.reduce(forged + unsigned, +) : forged }
    }

    /// Looks who has signed what an episode is built from.
    /// - Throws: `Diagnostic` (usage) if there is no shared cache.
    public func signatures(of place: EpisodePlace, warn: @escaping @Sendable (Diagnostic) -> Void) async throws -> [Vouched] {
        let (pass, remotes) = try await look(place, isOffline: true, warn)
        let results = pass.results() + pass.records()
        var all: [Vouched] = []
        for remote in remotes {
            guard let store = remote.store.signing else { continue }
            var tally = Vouched(cache: remote.store.name, isGuarded: store.isGuarded)
            for found in await Self.each(results, { action, _ in try await store.standing(for: action).map(\.voucher) }) {
                switch found {
                case nil: tally.failed += 1
                case .some(nil): tally.missing += 1
                case .some(.some(.known(let names))): names.forEach { tally.byKey[$0, default: 0] += 1 }
                case .some(.some(.unknown(let names))): names.prefix(1).forEach { tally.byUnknown[$0, default: 0] += 1 }
                case .some(.some(.forged)): tally.forged += 1
                case .some(.some(.nobody)): tally.unsigned += 1
                }
            }
            all.append(tally)
        }
        return all
    }

    /// Asks about many results at once.
    /// - Returns: the answers, in no order; nil for those that could not be asked about.
    private static func each<Answer: Sendable>(
        _ results: [(ActionDigest, ActionResult)], _ ask: @escaping @Sendable (ActionDigest, ActionResult) async throws -> Answer
    ) async -> [Answer?] {
        await withTaskGroup(of: Answer?.self) { group in
            var (rest, answers) = (results[...], [Answer?]())
            func start() {
                guard let (action, result) = rest.popFirst() else { return }
                group.addTask { try? await ask(action, result) }
            }
            for _ in 0..<16 { start() }
            for await answer in group {
                answers.append(answer)
                start()
            }
            return answers
        }
    }
}
