public import EpCore
public import EpPlan

/// A voice that is asked over HTTP: two pure functions, from a line to a request, and from a reply to its sound.
public protocol RemoteVoiceVendor: VoiceVendor, RemoteVendor {
    /// Part of every address.
    var revision: String { get }
    /// The settings that shape a sound beside `voice` and `speed`: of a provider, or of a character's `voice:`.
    var shaping: [RemoteSetting] { get }
    /// How much faster or slower than usual it can speak; nil: it cannot.
    var speeds: ClosedRange<Double>? { get }
    /// The model where nobody has said which; nil: a person must say; "": it has none.
    var usualModel: String? { get }
    /// The longest line that it takes, in characters.
    var longest: Int { get }
    /// True if it can tell when each word is heard, and does so where it is asked for that.
    var canTellWords: Bool { get }
    /// True if it tells when each word is heard, as it is asked.
    func tellsWords(_ settings: Value) -> Bool
    /// The same line without its words, for servers that cannot tell them; nil if it is asked for none.
    func wordless(_ line: SpokenLine) -> SpokenLine?

    /// The settings with which a line is spoken of which those words stand out; nil: it cannot.
    func stressing(_ words: [String], _ settings: Value) -> Value?

    /// Asks which voices there are; nil where one that is not there is an error by itself.
    var listRequest: RemoteRequest? { get }
    /// The voices in the reply to that.
    func voices(_ list: Reply) -> [String]

    func request(_ line: SpokenLine) -> RemoteRequest
    /// - Throws: `ProviderFailure` if there is no sound in the reply.
    func read(_ reply: Reply, of line: SpokenLine) throws(ProviderFailure) -> SpokenSound
}

/// A line as a service is asked to speak it.
public struct SpokenLine: Sendable {
    public let text: String
    /// Which rendition is asked for, from 1.
    public let take: Int
    /// As `RemoteVoiceVendor.settings` has made them.
    public let settings: Value

    public init(_ text: String, take: Int = 1, settings: Value) { (self.text, self.take, self.settings) = (text, take, settings) }

    var model: String { settings["model"]?.letters ?? "" }
    var voice: String { settings["voice"]?.letters ?? "" }
    var speed: Double? { settings["speed"]?.number }
    /// A seed that a person has written: each take has the next one.
    var seed: Int64? { settings["seed"]?.count.map { $0 + Int64(take - 1) } }
    /// What is counted where characters are paid for.
    var characters: Int64 { Int64(text.unicodeScalars.count) }
}

/// What a service has spoken.
public struct SpokenSound: Sendable, Equatable {
    /// A file in any form that `PCM.init(sound:named:)` reads.
    public let bytes: [UInt8]
    /// As the provider counts it; nil: it does not say.
    public let usage: Usage?
    /// In their order; empty where the provider tells none.
    public let words: [TimedWord]

    public init(_ bytes: [UInt8], usage: Usage? = nil, words: [TimedWord] = []) {
        (self.bytes, self.usage, self.words) = (bytes, usage, words)
    }
}

/// A line that was spoken, and by whom.
public struct SpokenAnswer: Sendable, Equatable {
    public let wav: [UInt8]
    public let servedBy: String
    public internal(set) var cost: Cost
    public let usage: [String: Int64]
    public private(set) var words: [TimedWord]

    /// The same with other words.
    public func with(words: [TimedWord]) -> SpokenAnswer {
        var answer = self
        answer.words = words
        return answer
    }
}

extension JobResult {
    public init(_ spoken: SpokenAnswer) {
        let words = Value.list(spoken.words.map(\.value)).json()
        self.init(
            outputs: ["line.wav": .bytes(spoken.wav), "words.json": .bytes(Array(words.utf8))], servedBy: spoken.servedBy,
            cost: spoken.cost, usage: spoken.usage)
    }
}

extension RemoteVoiceVendor {
    public var revision: String { "1" }
    public var usualModel: String? { nil }
    public var canTellWords: Bool { false }
    public func tellsWords(_ settings: Value) -> Bool { settings[Self.words]?.bool == true }
    public func wordless(_ line: SpokenLine) -> SpokenLine? {
        guard line.settings[Self.words] != nil, case .object(let members) = line.settings else { return nil }
        return SpokenLine(line.text, take: line.take, settings: .object(members.filter { $0.key != Self.words }))
    }

    public func stressing(_ words: [String], _ settings: Value) -> Value? { nil }

    /// The same by its `instructions`.
    func instructed(toStress words: [String], _ settings: Value) -> Value? {
        let stress = "Put clear stress on these words: \(words.map { "“\($0)”" }.joined(separator: ", "))."
        let instructions = [settings["instructions"]?.letters, stress].compactMap(\.self).joined(separator: " ")
        let others = (settings.members ?? []).filter { $0.key != "instructions" }
        return Value.object(others + [.init("instructions", .string(instructions))]).sorted
    }

    /// The setting that asks for the times of words.
    private static var words: String { "words" }
    public var listRequest: RemoteRequest? { nil }
    public func voices(_ list: Reply) -> [String] { [] }

    public func check(_ provider: inout Fields) {
        checkRemote(&provider)
        if usualModel == nil { expectModel(&provider) }
        checkVoice(&provider)
    }

    public func checkVoice(_ voice: inout Fields) {
        _ = voice.text("voice")
        if usualModel != "" { _ = voice.text("model") }
        if let speeds { _ = voice.number("speed", in: speeds) }
        for setting in shaping { setting.check(&voice) }
    }

    /// All that shapes a line's sound beside its text, for the address.
    /// - Parameters:
    ///   - voice: the character's `voice:`, which goes before the provider's settings.
    ///   - manner: what the line's parenthetical asks for.
    ///   - words: whether it is to tell when each word is heard.
    public func settings(of provider: ProviderConfiguration?, _ voice: Value, _ manner: Manner, words: Bool = false) -> Value {
        func setting(_ key: String) -> Value? { [voice[key], provider?.settings[key]].lazy.compactMap { $0 }.first { $0 != .null } }
        var members: [Value.Member] = [
            .init("vendor", .string(name)), .init("service", .string(RemoteProvider.service(provider, of: self))),
            .init("voice", setting("voice") ?? .string(usualVoice)),
        ]
        if usualModel != "" { members.append(.init("model", setting("model") ?? .string(usualModel ?? ""))) }
        if let speeds {
            let speed = (setting("speed")?.number ?? 1) * (100 + manner.rate) / 100
            let able = (min(max(speed, speeds.lowerBound), speeds.upperBound) * 1000).rounded() / 1000
            if able != 1 { members.append(.init("speed", .double(able))) }
        }
        for shaping in shaping { if let value = setting(shaping.key) { members.append(.init(shaping.key, value)) } }
        if words, canTellWords { members.append(.init(Self.words, true)) }
        return Value.object(members).sorted
    }

    /// What speaking a line asks of the service, and costs at most.
    public func call(_ line: SpokenLine, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall {
        let place = (try? RemoteProvider(provider, of: self))?.place ?? .elsewhere
        let price = prices.price(of: line.model, [name] + aliases, on: day, at: place)
        return ProviderCall(
            atMost: price?.cost(of: mostUsage(line, price)), isLocal: place == .local, expected: price.flatMap { expected(line, $0) })
    }

    /// Characters are counted; how long the sound is going to be, nobody knows.
    private func expected(_ line: SpokenLine, _ price: Price) -> ExpectedCost? {
        switch price.unit {
        case _ where price == .free: nil
        case .characters, .images: ExpectedCost(price, asking: line.characters, isExact: true, mostAnswer: 0)
        case .tokens: ExpectedCost(price, asking: 4 + TokenCount.of(line.text), isExact: false, mostAnswer: mostUsage(line, price).output)
        case .seconds: nil
        }
    }

    /// Where the provider does not count it, this is what is paid for.
    ///
    /// Of tokens, a second of sound has about 25, and nobody speaks slower than five characters a second.
    private func mostUsage(_ line: SpokenLine, _ price: Price?) -> Usage {
        switch price?.unit {
        case .tokens: Usage(input: Int64(line.text.utf8.count) + 64, output: min(16_384, 250 + line.characters * 10))
        case .seconds: Usage(input: 5 + line.characters / 5)
        default: Usage(input: line.characters)
        }
    }

    /// - Throws: `StepFailure`, `StepWithdrawn` or `CancellationError`.
    public func speak(_ line: SpokenLine, _ serving: Serving) async throws -> SpokenAnswer {
        let provider = try RemoteProvider(serving.configuration, of: self, retry: serving.retry)
        let price = serving.prices.price(of: line.model, [name] + aliases, on: serving.services.day, at: provider.place)
        let asking = Asking(
            services: serving.services, vendor: self, provider: provider, model: line.model, call: serving.call, door: serving.door,
            isPatient: serving.isPatient)
        try await expectVoice(of: line, asking)
        // What was spoken is paid for, also if it is of no use.
        let spent: @Sendable (Usage?) -> Cost = { price?.cost(of: $0 ?? self.mostUsage(line, price)) ?? .unknown }
        let read: @Sendable (Reply) throws(ProviderFailure) -> (SpokenSound, Cost) = { reply throws(ProviderFailure) in
            let sound = try self.read(reply, of: line)
            do throws(ProviderFailure) {
                let checked = SpokenSound(try SpokenCheck.wav(sound.bytes, saying: line.text), usage: sound.usage, words: sound.words)
                return (checked, spent(sound.usage))
            } catch {
                var failure = error
                failure.cost = spent(sound.usage)
                throw failure
            }
        }
        let size = Double(line.characters) / 4
        let sound: SpokenSound
        do {
            sound = try await asking.ask({ _ in self.request(line) }, size: size, read: read)
        } catch let failure as StepFailure where failure.diagnostic.code == .actionFailed {
            // A server that speaks and cannot tell words has no such place.
            guard let wordless = wordless(line) else { throw failure }
            sound = try await asking.ask({ _ in self.request(wordless) }, size: size, read: read)
        }
        let place = provider.place == .elsewhere ? " at \(provider.endpoint.service)" : ""
        let who = [name, line.model, line.voice].filter { !$0.isEmpty }.joined(separator: " ")
        let usage = sound.usage.map { $0.counts(of: price?.unit ?? .tokens) } ?? ["input_characters": line.characters]
        return SpokenAnswer(wav: sound.bytes, servedBy: who + place, cost: spent(sound.usage), usage: usage, words: sound.words)
    }

    /// Some would speak with another voice where they do not know one, and say nothing.
    private func expectVoice(of line: SpokenLine, _ asking: Asking) async throws {
        guard !line.voice.isEmpty, let listRequest else { return }
        let url = asking.provider.endpoint.url
        let known = try await asking.services.voices(at: url) {
            try await asking.ask({ _ in listRequest }, size: 0) { (self.voices($0), Cost.zero) }
        }
        guard !known.contains(line.voice) else { return }
        throw StepFailure(
            Diagnostic(
                .actionFailed, "\(name) has no voice \"\(line.voice)\"",
                remedy: "\(Suggestion.remedy(for: line.voice, in: known)) (`voice` of `characters` in show.yaml)"))
    }
}
