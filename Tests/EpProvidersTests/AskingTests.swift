import EpCore
import EpHTTP
import EpPlan
import Synchronization
import Testing

@testable import EpProviders

/// One question to a service that is not always well.
@Suite struct AskingTests {
    private static let ok =
        #"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":10}}"#
    private static let model = OpenAIModel()

    private func ask(
        _ scene: Scene, _ yaml: String = "model: m", _ serving: (ProviderConfiguration) -> Serving? = { _ in nil }
    ) async throws -> ModelAnswer {
        let configuration = try Scene.provider("use: openai, \(yaml)")
        return try await Self.model.answer(
            ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil)),
            serving(configuration) ?? .test(configuration, scene))
    }

    @Test func whatComesBackIsPricedAndNamed() async throws {
        let scene = Scene(200, Self.ok)
        let answer = try await ask(scene, "model: gpt-6-luna")
        #expect(
            answer
                == ModelAnswer(
                    "Hi", servedBy: "openai gpt-6-luna", cost: Cost(microUSD: 15), usage: ["input_tokens": 100, "output_tokens": 10]))
        #expect(
            scene.requests.first?.url == "https://api.openai.com/v1/chat/completions"
                && scene.requests.first?.headers["Authorization"] == "Bearer sk-secret")
        let elsewhere = try await ask(scene, "model: m, base_url: \"https://x.example/v1\"")
        #expect(elsewhere.servedBy == "openai m at x.example" && elsewhere.cost == Cost(microUSD: 120))
        #expect(scene.requests.last?.headers["Authorization"] == nil, "a key is shown to its own service alone")
    }

    @Test func itIsAskedAgainUntilItServes() async throws {
        let scene = Scene { _, before in before < 2 ? (503, ["Retry-After": "4"], "") : (200, [], Self.ok) }
        #expect(try await ask(scene).text == "Hi")
        #expect(
            scene.retries.map(\.wait.seconds) == [5, 10] && scene.retries.map(\.attempts) == [1, 2]
                && scene.retries.allSatisfy { $0.most == 3 })
    }

    @Test func aWaitThatIsTooLongIsNotWaited() async throws {
        let scene = Scene(429, "{}", headers: ["Retry-After": "121"])
        let services = scene.services()
        let configuration = try Scene.provider("use: openai, model: m")
        func ask() async throws -> ModelAnswer {
            try await Self.model.answer(
                ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil)),
                Serving(configuration, services, call: nil, door: scene, isPatient: true))
        }
        await #expect(throws: StepFailure.self) { try await ask() }
        #expect(scene.requests.count == 1 && scene.waits.isEmpty)
        // It counts as unavailable until then.
        let failure = await #expect(throws: StepFailure.self) { try await ask() }
        #expect(scene.requests.count == 1 && failure?.attempts == 0 && failure?.diagnostic.code == .providerFailed)
    }

    /// What the stage says goes before what its provider says.
    @Test func theStageSaysHowOften() async throws {
        let scene = Scene(503, "")
        let workspace = try Workspace(directory: "/w", Node(parsing: Array("retry: { attempts: 2 }".utf8), file: "epbuild.yaml"))
        await #expect(throws: StepFailure.self) {
            try await ask(scene, "model: m, attempts: 4") {
                Serving($0, scene.services(), call: nil, door: scene, isPatient: true, retry: workspace.retry)
            }
        }
        #expect(scene.requests.count == 2)
    }

    @Test func theDeadlineEndsIt() async throws {
        let scene = Scene(503, "")
        await #expect(throws: StepFailure.self) { try await ask(scene, "model: m, attempts: 100, deadline_seconds: 60") }
        #expect(scene.now < 60 && scene.requests.count > 2 && scene.requests.count < 10)
    }

    @Test func aLostAnswerIsPerhapsBilled() async throws {
        for kind in [HTTPError.Kind.timedOut, .brokenOff] {
            let scene = Scene { _, _ throws(HTTPError) in throw HTTPError(kind, "gone") }
            let failure = await #expect(throws: StepFailure.self) {
                try await ask(scene) { .test($0, scene, call: ProviderCall(atMost: Cost(microUSD: 700))) }
            }
            #expect(
                failure?.cost == Cost(microUSD: 700) && failure?.diagnostic.message.contains("perhaps") == true
                    && scene.retries.map(\.cost.microUSD) == [700, 700])
        }
        let scene = Scene { _, _ throws(HTTPError) in throw HTTPError(.unreachable, "refused") }
        let failure = await #expect(throws: StepFailure.self) {
            try await ask(scene) { .test($0, scene, call: ProviderCall(atMost: Cost(microUSD: 700))) }
        }
        #expect(failure?.cost == .zero && scene.retries.map(\.cost) == [.zero, .zero])
    }

    @Test func anAnswerThatIsOfNoUseHasCostWhatItHasCost() async throws {
        let scene = Scene(200, Self.ok.replacing("\"Hi\"", with: "\"\""))
        let failure = await #expect(throws: StepFailure.self) { try await ask(scene) }
        #expect(
            failure?.cost == Cost(microUSD: 120) && failure?.diagnostic.code == .badAnswer
                && scene.retries.map(\.cost.microUSD) == [120, 120])
    }

    /// Each is written down before it is sent, and when it has ended.
    @Test func paidCallsAreWrittenDown() async throws {
        let scene = Scene { _, before throws(HTTPError) in
            if before == 0 { throw HTTPError(.brokenOff, "reset") }
            return before == 1 ? (500, ["x-request-id": "r1"], "") : (200, ["x-request-id": "r2"], Self.ok)
        }
        _ = try await ask(scene) { .test($0, scene, call: ProviderCall(atMost: Cost(microUSD: 700))) }
        #expect(
            scene.calls.map(\.end) == [
                .init(.lost, cost: Cost(microUSD: 700)), .init(.failed, cost: .zero, requestID: "r1"),
                .init(.answered, cost: Cost(microUSD: 120), requestID: "r2"),
            ])
        #expect(
            scene.calls.map(\.call).allSatisfy {
                $0 == PaidCall(provider: "mine", vendor: "openai", service: "api.openai.com", model: "m", atMost: Cost(microUSD: 700))
            })
        let free = Scene(200, Self.ok)
        _ = try await ask(free) { .test($0, free, call: ProviderCall(atMost: .zero)) }
        #expect(free.calls.isEmpty && free.requests.count == 1)
    }

    @Test func aKeyThatIsMissingOrShownToNobody() async throws {
        let scene = Scene(200, Self.ok)
        let missing = await #expect(throws: StepFailure.self) { try await ask(scene) { .test($0, scene, keys: [:]) } }
        #expect(
            missing?.diagnostic.code == .keyRejected && missing?.diagnostic.message.contains("OPENAI_API_KEY") == true
                && missing?.attempts == 0)
        let open = await #expect(throws: StepFailure.self) {
            try await ask(scene, "model: m, base_url: \"http://box.lan/v1\", api_key_env: OPENAI_API_KEY")
        }
        #expect(open?.diagnostic.code == .keyRejected && scene.requests.isEmpty)
    }

    @Test func noMessageHasTheKey() async throws {
        let scene = Scene(
            401, #"{"error":{"message":"Incorrect API key provided: sk-secret.","code":"invalid_api_key"}}"#,
            headers: ["x-request-id": "req-9"])
        let failure = await #expect(throws: StepFailure.self) { try await ask(scene) }
        #expect(
            failure?.diagnostic.message == "openai m: Incorrect API key provided: … (request req-9)"
                && failure?.diagnostic.code.exitStatus == .unavailable)
        #expect(!"\(scene.requests)".contains("sk-secret"))
    }

    /// A key that is not taken is not shown fifty times.
    @Test func aMoneyErrorEndsAllThatNeedTheKey() async throws {
        let scene = Scene(429, #"{"error":{"message":"empty","code":"insufficient_quota"}}"#)
        let configuration = try Scene.provider("use: openai, model: m")
        let serving = Serving.test(configuration, scene)
        for _ in 0..<50 {
            let failure = await #expect(throws: StepFailure.self) {
                try await Self.model.answer(ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil)), serving)
            }
            #expect(failure?.diagnostic.code == .spendLimit)
        }
        #expect(scene.requests.count == 1 && scene.changes.map(\.isOpen) == [true] && scene.changes[0].seconds == nil)
        // The account is empty for another model, too.
        let other = try Scene.provider("use: openai, model: other")
        let failure = await #expect(throws: StepFailure.self) {
            try await Self.model.answer(
                ModelQuestion("Say hi.", settings: Self.model.settings(of: other, nil)),
                Serving(other, serving.services, call: nil, door: scene, isPatient: true))
        }
        #expect(failure?.diagnostic.code == .spendLimit && scene.requests.count == 1)
    }

    /// Whoever corrects the key is asked for again at once.
    @Test func anotherKeyIsAnotherAccount() async throws {
        let scene = Scene { request, _ in request.headers["Authorization"] == "Bearer good" ? (200, [], Self.ok) : (401, [], "{}") }
        let configuration = try Scene.provider("use: openai, model: m")
        let key = Mutex("bad")
        let services = Services(client: scene, secrets: Secrets { _ in key.withLock(\.self) }, time: .system)
        func ask() async throws -> ModelAnswer {
            let question = ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil))
            return try await Self.model.answer(question, Serving(configuration, services, call: nil, door: scene, isPatient: true))
        }
        for _ in 0..<3 { await #expect(throws: StepFailure.self) { try await ask() } }
        #expect(scene.requests.count == 1)
        key.withLock { $0 = "good" }
        #expect(try await ask().text == "Hi")
    }

    /// Fifty lines meet a service that is down: it is told once, and those who can turn to another do not wait.
    @Test func aServiceThatIsDownIsLeftAloneUntilATrialHelps() async throws {
        let isDown = Mutex(true)
        let scene = Scene { _, _ in isDown.withLock(\.self) ? (503, [], "") : (200, [], Self.ok) }
        let configuration = try Scene.provider("use: openai, model: m")
        let services = scene.services()
        func ask(isPatient: Bool) async throws -> ModelAnswer {
            let question = ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil))
            return try await Self.model.answer(question, Serving(configuration, services, call: nil, door: scene, isPatient: isPatient))
        }
        for _ in 0..<50 { _ = try? await ask(isPatient: false) }
        #expect(
            scene.requests.count == 5
                && scene.changes == [BreakerChange(opened: "openai m", seconds: 60, because: "it answered with status 503")],
            "\(scene.changes)")
        isDown.withLock { $0 = false }
        #expect(try await ask(isPatient: true).text == "Hi" && scene.waits.contains { $0 > 0 })
        #expect(scene.changes.last == BreakerChange(closed: "openai m") && scene.requests.count == 6)
    }

    /// The same for fifty that ask at once: it opens once, one of them tries, and it closes once.
    @Test func fiftyAtOnceOpenItOnce() async throws {
        let isDown = Mutex(true)
        let scene = Scene { _, _ in isDown.withLock(\.self) ? (503, [], "") : (200, [], Self.ok) }
        let configuration = try Scene.provider("use: openai, model: m, attempts: 2")
        let services = scene.services()
        @Sendable func ask(isPatient: Bool) async throws -> ModelAnswer {
            let question = ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil))
            return try await Self.model.answer(question, Serving(configuration, services, call: nil, door: scene, isPatient: isPatient))
        }
        func all(isPatient: Bool) async -> Int {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { (try? await ask(isPatient: isPatient)) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(await all(isPatient: false) == 0)
        #expect(scene.changes.map(\.isOpen) == [true] && scene.requests.count <= 100, "\(scene.changes)")
        let before = scene.requests.count
        isDown.withLock { $0 = false }
        #expect(await all(isPatient: true) == 50)
        #expect(scene.changes.map(\.isOpen) == [true, false] && scene.requests.count == before + 50, "\(scene.changes)")
    }

    /// Fifty that ask at once meet an empty account: that is told once, and nobody asks again.
    @Test func fiftyAtOnceMeetAnEmptyAccountOnce() async throws {
        let scene = Scene { request, _ in
            request.text.contains("last") ? (429, [], #"{"error":{"message":"empty","code":"insufficient_quota"}}"#) : (200, [], Self.ok)
        }
        let configuration = try Scene.provider("use: openai, model: m")
        let serving = Serving.test(configuration, scene)
        @Sendable func ask(_ text: String) async throws -> ModelAnswer {
            try await Self.model.answer(ModelQuestion(text, settings: Self.model.settings(of: configuration, nil)), serving)
        }
        for number in 0..<10 { #expect(try await ask("line \(number)").text == "Hi") }
        let failures = await withTaskGroup(of: Diagnostic.Code?.self) { group in
            for _ in 0..<50 {
                group.addTask { do { _ = try await ask("the last"); return nil } catch { return (error as? StepFailure)?.diagnostic.code } }
            }
            return await group.reduce(into: [Diagnostic.Code?]()) { $0.append($1) }
        }
        #expect(failures.allSatisfy { $0 == .spendLimit } && scene.changes.map(\.isOpen) == [true])
        await #expect(throws: StepFailure.self) { try await ask("one more") }
        #expect(!scene.requests.contains { $0.text.contains("one more") })
    }

    @Test func requestsOfAMinuteAreCounted() async throws {
        let scene = Scene(200, Self.ok)
        let configuration = try Scene.provider("use: openai, model: m, requests_per_minute: 2")
        let serving = Serving.test(configuration, scene)
        for _ in 0..<5 {
            _ = try await Self.model.answer(ModelQuestion("Say hi.", settings: Self.model.settings(of: configuration, nil)), serving)
        }
        #expect(scene.waits == [60, 60] && scene.requests.count == 5)
    }

    /// A thousand services that fail in every way: it ends, within its attempts and its deadline, and never with a wrong answer.
    @Test func anyScheduleOfFaultsEnds() async throws {
        for seed in 0..<1000 {
            let scene = Scene(chance: Double(seed % 11) / 10) { _, before throws(HTTPError) in
                switch (seed &* 31 &+ before &* 17) % 9 {
                case 0: throw HTTPError(.timedOut, "slow")
                case 1: throw HTTPError(.brokenOff, "reset")
                case 2: return (200, [], String(Self.ok.dropLast(9)))
                case 3: return (429, ["Retry-After": "\(before * 40)"], "{}")
                case 4: return (500, [], "<html>oops</html>")
                case 5: return (200, [], #"{"error":{"code":502,"message":"late"}}"#)
                case 6: return (529, ["retry-after-ms": "10"], "")
                case 7: return (200, [], "")
                default: return (200, [], Self.ok)
                }
            }
            do {
                #expect(try await ask(scene).text == "Hi")
            } catch let failure as StepFailure {
                #expect([.providerFailed, .badAnswer].contains(failure.diagnostic.code))
            }
            #expect(scene.requests.count <= 3 && scene.now <= 1800)
        }
    }
}
