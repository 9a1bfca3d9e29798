import EpCore
public import EpHTTP
import Synchronization

/// What all builds of a process share of the services that they ask: the way there, the keys, and what was found about each of them.
public final class Services: Sendable {
    let client: any HTTPClient
    let secrets: Secrets
    let time: PassingTime
    private let known = Mutex(
        (breakers: [Line: Breaker](), requests: [String: SlidingWindow](), tokens: [String: SlidingWindow](), voices: [String: [String]]()))

    public init(client: any HTTPClient, secrets: Secrets, time: PassingTime = .system) {
        (self.client, self.secrets, self.time) = (client, secrets, time)
    }

    /// Today in UTC, by which prices are looked up: `2026-12-01`.
    public var day: String { time.day }

    /// What fails together: one model at one place, for one account.
    struct Line: Hashable {
        let url: String
        /// Of the key.
        let key: Digest?
        let model: String

        /// Of all models: what an empty account ends.
        var account: Line { Line(url: url, key: key, model: "") }
    }

    func askBreaker(_ line: Line, longestWait: Double, isPatient: Bool) -> (answer: Breaker.Answer, lasting: ProviderFailure?) {
        let now = time.now()
        return known.withLock { known in
            if let lasting = known.breakers[line.account]?.lasting { return (.open(seconds: nil), lasting) }
            var breaker = known.breakers[line] ?? Breaker()
            let answer = breaker.ask(now: now, longestWait: longestWait, isPatient: isPatient)
            known.breakers[line] = breaker
            return (answer, breaker.lasting)
        }
    }

    /// How long a model at a URL is left alone yet, in seconds, with whatever key; nil if it may be asked.
    func seconds(leftAlone url: String, model: String) -> Double? {
        let now = time.now()
        return known.withLock { known in
            known.breakers.filter { $0.key.url == url && ($0.key.model == model || $0.key.model.isEmpty) }.compactMap {
                $0.value.rest(now: now)
            }.max()
        }
    }

    /// Lets a provider be asked again at once, whatever has been found about it.
    /// - Returns: true if it was left alone.
    public func reset(_ provider: ProviderReport) -> Bool {
        let now = time.now()
        return known.withLock { known in
            let lines = known.breakers.keys.filter { $0.url == provider.url && ($0.model == provider.model || $0.model.isEmpty) }
            let wasOpen = lines.contains { known.breakers[$0]?.rest(now: now) != nil }
            for line in lines { known.breakers[line] = nil }
            return wasOpen
        }
    }

    /// Tells the breaker what came of it. Whoever gave up has not come to anything.
    /// - Returns: true if that has opened it, or closed it.
    @discardableResult
    func tell(_ line: Line, _ outcome: Outcome) -> Bool {
        let now = time.now()
        return known.withLock { known in
            switch outcome {
            case .served: return known.breakers[line]?.succeed() ?? false
            case .gaveUp:
                known.breakers[line]?.giveUp()
                return false
            case .failed(let failure):
                return known.breakers[failure.kind == .money ? line.account : line, default: Breaker()].note(failure, now: now)
            }
        }
    }

    enum Outcome {
        case served, gaveUp
        case failed(ProviderFailure)
    }

    /// The voices that a service has; asked for once.
    func voices(at url: String, ask: () async throws -> [String]) async throws -> [String] {
        if let voices = known.withLock({ $0.voices[url] }) { return voices }
        let voices = try await ask()
        known.withLock { $0.voices[url] = voices }
        return voices
    }

    /// Gives a request its place in the one queue of all lines that ask a provider.
    /// - Parameter size: in tokens, roughly.
    /// - Returns: how many seconds are left until it may be sent.
    func reserve(_ provider: RemoteProvider, size: Double) -> Double {
        let now = time.now()
        let queue = "\(provider.directory ?? "") \(provider.name)"
        return known.withLock { known in
            let times = [
                provider.requests.map { known.requests[queue, default: SlidingWindow($0)].reserve(1, now: now) },
                provider.tokens.map { known.tokens[queue, default: SlidingWindow($0)].reserve(size, now: now) },
            ]
            return max(0, (times.compactMap { $0 }.max() ?? now) - now)
        }
    }
}
