import EpCore
import EpFiles
import EpHTTP
import EpPlan
import Synchronization

@testable import EpProviders

/// Time that stands still but for those who wait, chance that is always the same, and a server that answers as it is told.
final class Scene: HTTPClient, CallDoor {
    typealias Answer = @Sendable (HTTPRequest, Int) throws(HTTPError) -> (status: Int, headers: HTTPHeaders, body: String)

    private let state = Mutex(
        (
            now: 0.0, requests: [HTTPRequest](), retries: [Retry](), waits: [Double](), calls: [(call: PaidCall, end: PaidCall.End?)](),
            changes: [BreakerChange]()
        ))
    private let answer: Answer
    let chance: Double

    /// - Parameter answer: what the server says to a request, of which it has had so many before.
    init(chance: Double = 0.5, _ answer: @escaping Answer) { (self.chance, self.answer) = (chance, answer) }

    convenience init(_ status: Int, _ body: String, headers: HTTPHeaders = []) { self.init { _, _ in (status, headers, body) } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let before = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        let (status, headers, body) = try answer(request, before)
        let isWanted = request.wanted.contains(status)
        return HTTPResponse(
            HTTPHead(status: status, headers: headers), body: .bytes(isWanted ? Array(body.utf8) : []),
            errorBody: isWanted ? [] : Array(body.utf8))
    }

    func again(_ retry: Retry) async throws {
        state.withLock { state in
            state.retries.append(retry)
            state.now += retry.wait.seconds
        }
    }

    func sending(_ call: PaidCall) async throws -> Int64? {
        state.withLock { state in
            state.calls.append((call, nil))
            return Int64(state.calls.count - 1)
        }
    }

    func ended(_ number: Int64, _ end: PaidCall.End) async { state.withLock { $0.calls[Int(number)].end = end } }

    func tell(_ change: BreakerChange) { state.withLock { $0.changes.append(change) } }
    var changes: [BreakerChange] { state.withLock(\.changes) }

    /// What was written down of calls, and how they ended.
    var calls: [(call: PaidCall, end: PaidCall.End?)] { state.withLock(\.calls) }

    func wait(_ duration: Duration) async throws {
        state.withLock { state in
            state.waits.append(duration.seconds)
            state.now += duration.seconds
        }
    }

    var requests: [HTTPRequest] { state.withLock(\.requests) }
    var retries: [Retry] { state.withLock(\.retries) }
    var waits: [Double] { state.withLock(\.waits) }
    var now: Double { state.withLock(\.now) }

    func services(
        _ keys: [String: String] = ["OPENAI_API_KEY": "sk-secret", "ANTHROPIC_API_KEY": "sk-secret", "GEMINI_API_KEY": "sk-secret"]
    ) -> Services {
        let chance = chance
        return Services(
            client: self, secrets: Secrets { keys[$0] },
            time: PassingTime(
                now: { [weak self] in self?.now ?? 0 }, date: { Moment(iso8601: "2026-11-25T12:00:00Z")! }, chance: { chance }))
    }

    /// A provider as `epbuild.yaml` has it.
    static func provider(_ yaml: String, tool: String = "llm", named name: String = "mine") throws -> ProviderConfiguration {
        let text = "providers: { \(name): { tool: \(tool), \(yaml) } }\nprices: { openai: { m: { in: 1, out: 2 } } }\n"
        return try Workspace(directory: "/w", Node(parsing: Array(text.utf8), file: "epbuild.yaml")).providers[0]
    }
}

extension HTTPRequest {
    var text: String { if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" } }
    var json: Value? { Value(json: Array(text.utf8)) }
}
