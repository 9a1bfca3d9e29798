import EpCore
import EpFiles
import EpHTTP
import EpPlan

/// One question to a service, asked until there is an answer or no hope of one. It changes no address: it wraps what a vendor knows.
struct Asking: Sendable {
    let services: Services
    let vendor: any RemoteVendor
    let provider: RemoteProvider
    let model: String
    let call: ProviderCall?
    let door: any CallDoor
    /// False if another provider may serve: then nobody waits until this one comes back.
    let isPatient: Bool

    /// - Parameters:
    ///   - request: as the vendor puts it, after the last answer was of no use for these reasons.
    ///   - size: of the question, in tokens, roughly.
    ///   - read: makes the answer of a reply with a status of success, and says what it has cost, or what is wrong with it.
    /// - Throws: `StepFailure`, `StepWithdrawn` or `CancellationError`.
    func ask<Answer: Sendable>(
        _ request: @Sendable ([String]) -> RemoteRequest, size: Double, read: @Sendable (Reply) throws(ProviderFailure) -> (Answer, Cost)
    ) async throws -> Answer {
        let key = try secret()
        let (policy, line) = (provider.policy, line(key))
        let began = services.time.now()
        var reasons: [String] = []
        for attempt in 1... {
            try await enter(line, size, attempt)
            let number = call?.isPaid == true ? try await written(line) : nil
            do throws(ProviderFailure) {
                let (answer, cost, reply) = try await send(request(reasons), key, read)
                if services.tell(line, .served) { door.tell(BreakerChange(closed: name)) }
                if let number { await door.ended(number, PaidCall.End(.answered, cost: cost, requestID: reply.requestID)) }
                return answer
            } catch {
                if let number {
                    await door.ended(
                        number, PaidCall.End(error.isPerhapsBilled ? .lost : .failed, cost: error.cost, requestID: error.requestID))
                }
                if Task.isCancelled {
                    services.tell(line, .gaveUp)
                    throw CancellationError()
                }
                if services.tell(line, .failed(error)) {
                    let isLasting = error.kind == .money || error.kind == .key
                    door.tell(BreakerChange(opened: name, seconds: isLasting ? nil : Breaker.firstPause, because: error.message))
                }
                let wait = policy.wait(after: attempt, server: error.wait, chance: services.time.chance())
                let isInTime = wait.map { services.time.now() - began + $0.seconds < policy.deadline } ?? false
                guard error.isWorthAnotherTry, attempt < policy.attempts, let wait, isInTime else {
                    throw failure(error, attempts: attempt)
                }
                reasons = error.reasons
                try await door.again(
                    Retry(
                        provider.name, attempts: attempt, of: policy.attempts, after: error.diagnostic(of: name), cost: error.cost,
                        wait: wait))
            }
        }
        throw CancellationError()
    }

    /// That the call is about to be sent.
    private func written(_ line: Services.Line) async throws -> Int64? {
        let paid = PaidCall(
            provider: provider.name, vendor: vendor.name, service: provider.endpoint.service, model: model, atMost: call?.atMost)
        do { return try await door.sending(paid) } catch {
            services.tell(line, .gaveUp)
            throw error
        }
    }

    /// Another key is another account.
    private func line(_ key: String?) -> Services.Line {
        Services.Line(url: provider.endpoint.url, key: key.map { Digest(of: Array($0.utf8)) }, model: model)
    }

    /// Who is asked, for messages: `openai gpt-6-luna`.
    private var name: String { model.isEmpty ? vendor.name : "\(vendor.name) \(model)" }

    private func failure(_ failure: ProviderFailure, attempts: Int) -> StepFailure {
        StepFailure(failure.diagnostic(of: name), cost: failure.cost, attempts: attempts)
    }

    // MARK: being let in

    /// Waits until the service is well and it is this question's turn.
    private func enter(_ line: Services.Line, _ size: Double, _ attempt: Int) async throws {
        while true {
            let (answer, lasting) = services.askBreaker(line, longestWait: provider.policy.longestServerWait, isPatient: isPatient)
            switch answer {
            case .go:
                do {
                    let rest = services.reserve(provider, size: size)
                    if rest > 0 { try await door.wait(.seconds(rest)) }
                } catch {
                    services.tell(line, .gaveUp)
                    throw error
                }
                return
            case .wait(let seconds): try await door.wait(.seconds(seconds))
            case .open(let seconds):
                let rest = seconds.map { "it has failed again and again, and is left alone for \(Int($0.rounded(.up))) s more" }
                let failure = lasting ?? ProviderFailure(.transient, rest ?? "it cannot serve")
                throw self.failure(failure, attempts: attempt - 1)
            }
        }
    }

    /// - Throws: `StepFailure` if the key is not there.
    private func secret() throws -> String? {
        guard let variable = provider.keyVariable else { return nil }
        guard let key = try services.secrets.value(of: variable, in: provider.directory) else {
            throw StepFailure(
                Diagnostic(
                    .keyRejected, "\(name): there is no key: \(variable) is not set",
                    remedy: "export \(variable)=…, or write that line into `.env` beside epbuild.yaml (chmod 600)"),
                attempts: 0)
        }
        guard provider.endpoint.isPrivate else {
            throw StepFailure(
                Diagnostic(
                    .keyRejected, "\(name): the key in \(variable) would be sent for all to read, as \(provider.endpoint.url) is not https",
                    remedy: "write https, or take `api_key_env` out"),
                attempts: 0)
        }
        return key
    }

    // MARK: sending

    private func send<Answer>(
        _ request: RemoteRequest, _ key: String?, _ read: (Reply) throws(ProviderFailure) -> (Answer, Cost)
    ) async throws(ProviderFailure) -> (Answer, Cost, Reply) {
        let reply = try await transfer(request, key)
        guard (200...299).contains(reply.status) else { throw shown(vendor.failure(reply), of: reply, key) }
        do throws(ProviderFailure) {
            let (answer, cost) = try read(reply)
            return (answer, cost, reply)
        } catch {
            throw shown(error, of: reply, key)
        }
    }

    private func transfer(_ request: RemoteRequest, _ key: String?) async throws(ProviderFailure) -> Reply {
        let content = request.content
        var headers = HTTPHeaders(
            [.init("Content-Type", content.type), .init("Accept", "*/*"), .init("User-Agent", "epbuild")] + request.headers)
        for field in key.map(vendor.authorization) ?? [] { headers.append(field) }
        let limit = Duration.seconds(provider.policy.timeout)
        do throws(HTTPError) {
            // Words come slowly, and a model may think for a while: what is streamed may come byte by byte.
            let timeouts = HTTPTimeouts(
                connect: min(limit, .seconds(10)), stall: request.isStreamed ? limit : nil, slowest: 1,
                total: request.isStreamed ? .seconds(max(provider.policy.timeout, provider.policy.deadline)) : limit)
            var question = HTTPRequest(
                request.method, "\(request.isBesideVersion ? provider.endpoint.urlWithoutVersion : provider.endpoint.url)/\(request.path)",
                headers: headers,
                body: request.method == .get ? .none : .bytes(content.bytes), sink: .memory(limit: request.limit), timeouts: timeouts)
            question.usesProxy = provider.usesProxy
            let response = try await services.client.send(question)
            let isWanted = (200...299).contains(response.status)
            return Reply(status: response.status, headers: response.head.headers, bytes: isWanted ? response.bytes : response.errorBody)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: HTTPError) -> ProviderFailure {
        switch error.kind {
        case .timedOut: return lost(.transient, "it has not answered within \(Int(provider.policy.timeout)) s")
        case .brokenOff: return lost(.transient, "the connection broke off: \(error.message)")
        // Whoever gave up has perhaps been heard.
        case .cancelled: return lost(.transient, "nobody has waited for its answer")
        case .unreachable, .refused:
            return ProviderFailure(.transient, "it cannot be reached at \(provider.endpoint.url): \(error.message)", remedy: reachRemedy)
        case .tooLarge: return lost(.badAnswer, "its answer is too long: \(error.message)")
        case .untrusted:
            return ProviderFailure(
                .wrongQuestion, "its certificate is not trusted: \(error.message)",
                remedy: "correct `base_url`, or apt-get install ca-certificates")
        case .unavailable: return ProviderFailure(.wrongQuestion, error.message, remedy: "apt-get install libcurl4")
        case .damagedBody, .file: return ProviderFailure(.wrongQuestion, error.message)
        }
    }

    private var reachRemedy: String {
        provider.place == .local
            ? "start it, or correct `base_url` in epbuild.yaml" : "see whether the network is there, then run the same command again"
    }

    /// The question was sent, and nobody knows what became of it.
    private func lost(_ kind: ProviderFailure.Kind, _ message: String) -> ProviderFailure {
        var failure = ProviderFailure(kind, message, cost: call.map { $0.atMost ?? .unknown } ?? .zero)
        failure.isPerhapsBilled = call?.isPaid == true
        return failure
    }

    /// A failure as a person may see it: with the request's name, and without the key.
    private func shown(_ failure: ProviderFailure, of reply: Reply, _ key: String?) -> ProviderFailure {
        var message = failure.message
        if let id = reply.requestID { message += " (request \(id))" }
        if let key { message = message.replacing(key, with: "…") }
        var shown = ProviderFailure(failure.kind, message, remedy: failure.remedy, wait: failure.wait, cost: failure.cost)
        (shown.reasons, shown.requestID, shown.isPerhapsBilled) = (
            failure.reasons, reply.requestID, failure.isPerhapsBilled && call?.isPaid == true
        )
        if shown.wait == nil, [.transient, .tooOften].contains(shown.kind) {
            shown.wait = ServerWait.of(reply.headers, now: services.time.date().seconds)
        }
        return shown
    }
}
