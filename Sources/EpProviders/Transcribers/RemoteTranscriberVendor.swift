public import EpCore
public import EpPlan

/// A transcriber that is asked over HTTP: two pure functions, from a sound to a request, and from a reply to what was heard.
public protocol RemoteTranscriberVendor: TranscriberVendor, RemoteVendor {
    /// The settings that shape what it hears, beside `model` and `language`.
    var shaping: [RemoteSetting] { get }
    /// The model where nobody has said which; nil: a person must say; "": it has none.
    var usualModel: String? { get }

    func request(_ recording: SpeechRecording) -> RemoteRequest
    /// - Throws: `ProviderFailure` if the reply has no transcript in it.
    func read(_ reply: Reply) throws(ProviderFailure) -> HeardSpeech
    /// As a reply tells it, of the unit that its price is for; nil: it does not.
    func usage(_ reply: Reply) -> Usage?
}

extension RemoteTranscriberVendor {
    public var shaping: [RemoteSetting] { [] }
    public var usualModel: String? { nil }
    public func usage(_ reply: Reply) -> Usage? { nil }

    public func check(_ provider: inout Fields) {
        checkRemote(&provider)
        if usualModel == nil { expectModel(&provider) }
        checkSettings(&provider)
    }

    public func checkSettings(_ fields: inout Fields) {
        if usualModel != "" { _ = fields.text("model") }
        _ = fields.text("language")
        for setting in shaping { setting.check(&fields) }
    }

    public func settings(of provider: ProviderConfiguration?, language: String?) -> Value {
        var members: [Value.Member] = [
            .init("vendor", .string(name)), .init("service", .string(RemoteProvider.service(provider, of: self))),
        ]
        if usualModel != "" { members.append(.init("model", provider?.settings["model"] ?? .string(usualModel ?? ""))) }
        if let language = provider?.settings["language"] ?? language.map(Value.string) { members.append(.init("language", language)) }
        for key in shaping.map(\.key) {
            if let value = provider?.settings[key], value != .null { members.append(.init(key, value.sorted)) }
        }
        return Value.object(members).sorted
    }

    public func call(
        _ recording: SpeechRecording, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String
    ) -> ProviderCall? {
        let place = (try? RemoteProvider(provider, of: self))?.place ?? .elsewhere
        let price = prices.price(of: recording.model, [name] + aliases, on: day, at: place)
        return ProviderCall(
            atMost: price?.cost(of: mostUsage(recording, price)), isLocal: place == .local,
            expected: price.flatMap { expected(recording, $0) })
    }

    /// The seconds of a recording are known; those of a line that nobody has spoken yet are not.
    private func expected(_ recording: SpeechRecording, _ price: Price) -> ExpectedCost? {
        guard price != .free, price.unit == .seconds, !recording.isGuess else { return nil }
        return ExpectedCost(price, asking: Int64(recording.seconds.rounded(.up)), isExact: true, mostAnswer: 0)
    }

    /// Services count a minute as begun; of tokens, a second has ten to hear, and nobody says more than ten in it.
    private func mostUsage(_ recording: SpeechRecording, _ price: Price?) -> Usage {
        let seconds = Int64(recording.seconds.rounded(.up))
        return price?.unit == .tokens ? Usage(input: 64 + seconds * 16, output: 64 + seconds * 10) : Usage(input: max(10, seconds))
    }

    public func transcribe(_ recording: SpeechRecording, _ serving: Serving, _ programs: any ProgramDoor) async throws -> HeardSpeech {
        let provider = try RemoteProvider(serving.configuration, of: self, retry: serving.retry)
        let price = serving.prices.price(of: recording.model, [name] + aliases, on: serving.services.day, at: provider.place)
        let asking = Asking(
            services: serving.services, vendor: self, provider: provider, model: recording.model, call: serving.call, door: serving.door,
            isPatient: serving.isPatient)
        let counted = Usage(input: Int64(recording.seconds.rounded(.up)))
        return try await asking.ask({ _ in self.request(recording) }, size: recording.seconds * 16) { reply throws(ProviderFailure) in
            let usage = self.usage(reply) ?? counted
            let cost = price?.cost(of: usage) ?? .unknown
            do throws(ProviderFailure) {
                var heard = try self.read(reply)
                let place = provider.place == .elsewhere ? " at \(provider.endpoint.service)" : ""
                heard.servedBy = [self.name, recording.model].filter { !$0.isEmpty }.joined(separator: " ") + place
                (heard.cost, heard.usage) = (cost, usage.counts(of: price?.unit ?? .seconds))
                return (heard, cost)
            } catch {
                var failure = error
                failure.cost = cost
                throw failure
            }
        }
    }
}

extension HeardSpeech {
    /// What a reply says as JSON.
    /// - Throws: `ProviderFailure` if it is no transcript.
    static func of(_ reply: Reply) throws(ProviderFailure) -> HeardSpeech {
        if let json = reply.json, let heard = HeardSpeech(json) { return heard }
        throw ProviderFailure(.badAnswer, "its answer is no transcript: \(reply.excerpt)")
    }
}
