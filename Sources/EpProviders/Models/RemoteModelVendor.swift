public import EpCore
public import EpPlan

/// A language model that is asked over HTTP: two pure functions, from a question to a request, and from a reply to an answer.
public protocol RemoteModelVendor: LanguageModelVendor, RemoteVendor {
    /// The settings that shape an answer, with how each is read.
    var shaping: [RemoteSetting] { get }
    /// How many tokens it answers at most, if nobody says.
    var usualMostTokens: Int64 { get }

    func request(_ question: ModelQuestion, isUsualPlace: Bool) -> RemoteRequest
    /// - Throws: `ProviderFailure` if the reply has no answer in it that can be used. Its cost is counted by whoever asks.
    func read(_ reply: Reply, to question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer
    /// What answering it can take at most.
    /// - Parameter output: the most tokens that the answer may have.
    func mostUsage(_ question: ModelQuestion, output: Int64) -> Usage
    /// What a reply says of its usage, whether there is an answer in it or not; nil: nothing.
    func usage(_ reply: Value) -> Usage?
}

/// What a reply says, before it is priced.
public struct RemoteAnswer: Sendable, Equatable {
    public let text: String
    /// The model that has answered, by its own name; nil: it does not say.
    public let model: String?
    public let usage: Usage
    /// As the provider has told it, in US dollars; nil: it does not.
    public let cost: Cost?

    public init(_ text: String, model: String?, usage: Usage, cost: Cost? = nil) {
        (self.text, self.model, self.usage, self.cost) = (text, model, usage, cost)
    }

    /// The same; where the provider has told no usage, with what is counted here.
    func counted(_ question: ModelQuestion) -> RemoteAnswer {
        usage == Usage() ? RemoteAnswer(text, model: model, usage: question.usage(answering: text), cost: cost) : self
    }

    /// As the provider has told it, else by its price; where nobody knows that, unknown.
    func cost(at price: Price?) -> Cost { cost ?? price?.cost(of: usage) ?? .unknown }
}

extension RemoteModelVendor {
    public var revision: String { "1" }
    public var usualMostTokens: Int64 { 8192 }
    public func mostUsage(_ question: ModelQuestion, output: Int64) -> Usage { Usage(input: question.mostTokens, output: output) }

    public func check(_ provider: inout Fields) {
        checkRemote(&provider)
        expectModel(&provider)
        if self is any StreamingVendor { _ = provider.bool("stream") }
        checkSettings(&provider)
    }

    public func checkSettings(_ fields: inout Fields) {
        _ = fields.text("model")
        for setting in shaping { setting.check(&fields) }
    }

    public func settings(of provider: ProviderConfiguration?, _ stage: Value?) -> Value? {
        var members: [Value.Member] = [
            .init("vendor", .string(name)), .init("service", .string(RemoteProvider.service(provider, of: self))),
        ]
        for key in ["model"] + shaping.map(\.key) {
            if let value = stage?[key] ?? provider?.settings[key], value != .null { members.append(.init(key, value.sorted)) }
        }
        if !members.contains(where: { $0.key == "max_tokens" }) { members.append(.init("max_tokens", .int(usualMostTokens))) }
        return Value.object(members).sorted
    }

    public func call(_ question: ModelQuestion, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall?
    {
        let place = (try? RemoteProvider(provider, of: self))?.place ?? .elsewhere
        let longest = question.settings?["max_tokens"]?.count ?? usualMostTokens
        let price = prices.price(of: question.model, names, on: day, at: place)
        // What is free need not be counted.
        let expected = price.flatMap { $0 == .free ? nil : ExpectedCost($0, asking: question.tokens, isExact: false, mostAnswer: longest) }
        return ProviderCall(atMost: price?.cost(of: mostUsage(question, output: longest)), isLocal: place == .local, expected: expected)
    }

    private var names: [String] { [name] + aliases }

    public func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        let provider = try RemoteProvider(serving.configuration, of: self, retry: serving.retry)
        let price = serving.prices.price(of: question.model, names, on: serving.services.day, at: provider.place)
        let asking = Asking(
            services: serving.services, vendor: self, provider: provider, model: question.model, call: serving.call, door: serving.door,
            isPatient: serving.isPatient)
        let isStreamed = isStreamed(question, serving.configuration)
        var continued = ContinuedAnswer()
        while true {
            let before = continued
            do {
                let part = try await asking.ask(
                    { self.request(question, $0, isUsualPlace: provider.place == .usual, isStreamed, before) },
                    size: Double(question.tokens)
                ) { reply throws(ProviderFailure) in try self.part(of: reply, to: question, after: before, price, serving.call) }
                switch part {
                case .whole(let answer): return self.answer(answer, question, provider, cost: before.cost + answer.cost(at: price))
                case .reply(let reply, let token, let cost):
                    do throws(ProviderFailure) { try continued.take(reply, token, cost) } catch {
                        throw StepFailure(error.diagnostic(of: "\(name) \(question.model)"), cost: cost)
                    }
                }
            } catch let failure as StepFailure where before.cost != .zero {
                throw StepFailure(failure.diagnostic, cost: failure.cost + before.cost, attempts: failure.attempts)
            }
        }
    }

    /// - Parameters:
    ///   - reasons: why the last answer was of no use.
    ///   - before: what has come of the answer.
    private func request(
        _ question: ModelQuestion, _ reasons: [String], isUsualPlace: Bool, _ isStreamed: Bool, _ before: ContinuedAnswer
    ) -> RemoteRequest {
        var again = question
        // What goes on is the same question.
        again.reasons = before.token == nil ? reasons : []
        var request = request(again, isUsualPlace: isUsualPlace)
        if let token = before.token, let vendor = self as? any ContinuedVendor { request = vendor.continued(request, with: token) }
        guard isStreamed, let vendor = self as? any StreamingVendor else { return request }
        request = vendor.streamed(request)
        request.isStreamed = true
        return request
    }

    /// What a reply is: the answer, or a part of one.
    private func part(
        of reply: Reply, to question: ModelQuestion, after before: ContinuedAnswer, _ price: Price?, _ call: ProviderCall?
    ) throws(ProviderFailure) -> (ContinuedAnswer.Part, Cost) {
        var whole = reply
        do throws(ProviderFailure) {
            if let events = reply.events, let vendor = self as? any StreamingVendor { whole = reply.with(try vendor.joined(events)) }
            if let vendor = self as? any ContinuedVendor, let json = whole.json {
                if let token = vendor.token(json) {
                    let cost = price?.cost(of: usage(json) ?? question.usage(answering: "")) ?? .unknown
                    return (.reply(json, token: token, cost), cost)
                }
                if !before.replies.isEmpty { return try answered(whole, with: vendor.joined(before.replies + [json]), to: question, price) }
            }
            let answer = try checked(read(whole, to: question).counted(question), question)
            return (.whole(answer), answer.cost(at: price))
        } catch {
            // Of what is thrown away, the provider may have told what it has cost.
            var failure = error
            if let usage = whole.json.flatMap(usage) { failure.cost = price?.cost(of: usage) ?? .unknown }
            if failure.isPerhapsBilled { failure.cost = call?.atMost ?? .unknown }
            throw failure
        }
    }

    /// The answer that came in several replies; its cost is that of the last.
    private func answered(
        _ last: Reply, with all: Value, to question: ModelQuestion, _ price: Price?
    ) throws(ProviderFailure) -> (ContinuedAnswer.Part, Cost) {
        let answer = try checked(read(last.with(all), to: question), question)
        let cost = price?.cost(of: last.json.flatMap(usage) ?? question.usage(answering: answer.text)) ?? .unknown
        return (.whole(RemoteAnswer(answer.text, model: answer.model, usage: answer.usage, cost: cost)), cost)
    }

    private func answer(_ answer: RemoteAnswer, _ question: ModelQuestion, _ provider: RemoteProvider, cost: Cost) -> ModelAnswer {
        let model = answer.model ?? question.model
        let place = provider.place == .elsewhere ? " at \(provider.endpoint.service)" : ""
        return ModelAnswer(
            answer.text, servedBy: "\(name) \(model)\(place)", cost: cost,
            usage: answer.usage.counts(of: .tokens))
    }

    /// True if the answer is to come piece by piece: nobody waits for minutes over a silent connection.
    private func isStreamed(_ question: ModelQuestion, _ provider: ProviderConfiguration?) -> Bool {
        if let said = provider?.settings["stream"]?.bool { return said }
        return (question.settings?["max_tokens"]?.count ?? usualMostTokens) > StreamedAnswer.longest
    }

    private func checked(_ answer: RemoteAnswer, _ question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer {
        guard answer.text.contains(where: { !$0.isWhitespace }) else { throw ProviderFailure(.badAnswer, "its answer is empty") }
        guard let form = question.form else { return answer }
        return RemoteAnswer(try form.kept(answer.text), model: answer.model, usage: answer.usage, cost: answer.cost)
    }
}

/// A setting that shapes an answer.
public struct RemoteSetting: Sendable {
    public let key: String
    let check: @Sendable (inout Fields) -> Void

    static func number(_ key: String, _ range: ClosedRange<Double>) -> RemoteSetting {
        RemoteSetting(key: key) { _ = $0.number(key, in: range) }
    }
    static func whole(_ key: String, _ range: ClosedRange<Int>) -> RemoteSetting { RemoteSetting(key: key) { _ = $0.int(key, in: range) } }
    static func text(_ key: String) -> RemoteSetting { RemoteSetting(key: key) { _ = $0.text(key) } }
    static func texts(_ key: String) -> RemoteSetting { RemoteSetting(key: key) { _ = $0.strings(key) } }
    static func flag(_ key: String) -> RemoteSetting { RemoteSetting(key: key) { _ = $0.bool(key) } }

    static func word(_ key: String, _ words: [String]) -> RemoteSetting {
        RemoteSetting(key: key) { fields in
            guard let word = fields.text(key), !words.contains(word) else { return }
            fields.report(
                Diagnostic(
                    .badInput, "`\(key)` of \(fields.subject) is \"\(word)\"", at: fields.node(key)?.location,
                    remedy: Suggestion.remedy(for: word, in: words)))
        }
    }
}
