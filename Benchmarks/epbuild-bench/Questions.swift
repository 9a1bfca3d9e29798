import EpCore
import EpHTTP
import EpPlan
import EpProviders

/// `epbuild-bench --questions COUNT`: asks a service that answers at once, one question after the other.
///
/// Prints the seconds that took, as one number: what surrounds each question, from its request to a checked and priced answer.
struct Questions {
    struct Unexpected: Error {}

    private static let yaml = """
        providers: { writer: { tool: llm, use: openai, model: m, base_url: "http://127.0.0.1:1/v1", api_key_env: KEY, requests_per_minute: 1000000 } }
        prices: { openai: { m: { in: 1, out: 2 } } }

        """

    static func ask(_ count: Int) async throws -> Double {
        let workspace = try Workspace(directory: "/", Node(parsing: Array(yaml.utf8), file: "epbuild.yaml"))
        guard let provider = workspace.providers.first, let vendor = Vendors.shipped.languageModel(named: "openai") else { throw Unexpected() }
        let services = Services(client: HealthyService(), secrets: Secrets { _ in "sk-bench" })
        let settings = vendor.settings(of: provider, nil)
        let clock = ContinuousClock(), start = clock.now
        for number in 0..<count {
            let question = ModelQuestion("Tell of line number \(number) of the script, in one sentence that a child understands.", settings: settings)
            let call = vendor.call(question, by: provider, PriceTable(workspace.prices), on: services.day)
            let step = Step(
                target: Target(parsing: "said"), tool: ToolName("llm"), name: "", operation: .builtIn(tool: ToolName("llm"), operation: "openai", revision: "1"),
                inputs: [], outputs: ["said.txt"], platform: [:], pool: .llm, service: Service(provider, of: "openai", call: call))
            let answer = try await vendor.answer(question, Serving(Job(step: step, inputs: NoInputs(), take: Take(1)) { "/" }, services))
            guard answer.text == "The bees fly home.", answer.cost == Cost(microUSD: 20) else { throw Unexpected() }
        }
        let seconds = (clock.now - start).components
        return Double(seconds.seconds) + Double(seconds.attoseconds) * 1e-18
    }
}

private struct NoInputs: JobInputs {
    let labels: [String] = []
    func bytes(_ label: String) throws -> [UInt8] { [] }
    func copy(_ label: String, to path: String) throws {}
}

private struct HealthyService: HTTPClient {
    private static let answer = Array(#"{"model":"m","choices":[{"message":{"content":"The bees fly home."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}"#.utf8)

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        HTTPResponse(HTTPHead(status: 200, headers: ["Content-Type": "application/json"]), body: .bytes(Self.answer), errorBody: [])
    }
}
