import EpCore
public import EpPlan
import EpSound

/// `check: heard`: a line that was spoken is transcribed, and what was heard is compared with what it says.
public struct HeardCheck: Sendable {
    public let listener: any TranscriberVendor
    /// How the workspace configures the listener; nil: it does not.
    public let provider: ProviderConfiguration?
    /// All that shapes what is heard.
    private let settings: Value
    /// The share of words that may be heard wrong.
    private let tolerance: Double

    /// - Parameters:
    ///   - language: in which the lines are spoken, as the show says.
    ///   - tolerance: nil: as the listener has it.
    public init(_ listener: any TranscriberVendor, _ provider: ProviderConfiguration?, language: String?, tolerance: Double?) {
        let listener = listener.configured(by: provider)
        (self.listener, self.provider) = (listener, provider)
        settings = listener.settings(of: provider, language: language)
        self.tolerance = tolerance ?? listener.tolerance
    }

    /// The same as an address has it.
    /// - Returns: nil if these vendors do not know the listener.
    public init?(json: [UInt8], _ vendors: Vendors, _ provider: ProviderConfiguration?) {
        guard let value = Value(json: json), let settings = value["listener"], let name = settings["vendor"]?.string,
            let tolerance = value["most_errors"]?.number, let listener = vendors.transcriber(named: name)
        else { return nil }
        (self.listener, self.provider, self.settings, self.tolerance) = (listener.configured(by: provider), provider, settings, tolerance)
    }

    /// For the address.
    public var json: String { Value.object([.init("listener", settings), .init("most_errors", .double(tolerance))]).json(indented: true) }

    /// The program that listens; nil if it is a service.
    public var program: Program? { (listener as? any ProgramTranscriberVendor)?.program }

    /// What listening to a line of so many seconds asks of a service.
    public func call(seconds: Double, on day: String) -> ProviderCall? {
        listener.call(
            SpeechRecording(wav: [], seconds: seconds, settings: settings, isGuess: true), by: provider, PriceTable(provider?.prices ?? []),
            on: day)
    }

    /// Listens to a line.
    /// - Returns: who has listened, and what that has cost.
    /// - Throws: `StepFailure`: a bad answer if too many words are not heard as they are written. If nobody can listen, nobody else is
    ///   asked to speak.
    public func listen(to wav: [UInt8], saying text: String, _ job: Job, _ services: Services) async throws -> HeardSpeech {
        let heard = try await transcript(of: wav, job, services)
        guard let errors = errors(in: heard.text, for: text) else { return heard }
        let count = HeardWords.of(text).count
        let what = HeardWords.of(heard.text).isEmpty ? "no word of it" : "\"\(heard.text)\": \(errors) wrong for \(count) words"
        throw StepFailure(
            Diagnostic(
                .badAnswer, "\(listener.name) does not hear the line as it is written, but \(what)",
                remedy: "listen to it; `epbuild clean` of the line has it spoken anew, `check: { heard: { most_errors: … } }` allows more"),
            cost: heard.cost)
    }

    /// What is heard in a line, whatever it should be.
    /// - Throws: `StepFailure` if nobody can listen.
    public func transcript(of wav: [UInt8], _ job: Job, _ services: Services) async throws -> HeardSpeech {
        do {
            let recording = SpeechRecording(wav: wav, seconds: try PCM(wav: wav, named: "line.wav").seconds, settings: settings)
            let call = listener.call(recording, by: provider, PriceTable(provider?.prices ?? []), on: services.day)
            return try await listener.transcribe(
                recording, Serving(provider, services, call: call, door: job.door, isPatient: true), job.programs)
        } catch let failure as StepFailure {
            throw StepFailure(failure.diagnostic, cost: failure.cost, attempts: failure.attempts, isFinal: true)
        }
    }

    /// How many words were heard wrong; nil if they are not too many. Of a short line, one word may always be misheard.
    public func errors(in heard: String, for text: String) -> Int? {
        let said = HeardWords.of(text)
        let errors = HeardWords.errors(between: HeardWords.of(heard), and: said)
        return Double(errors) > max(1, tolerance * Double(said.count)) ? errors : nil
    }

    /// Has a line spoken until it is heard right, as often as its provider may be asked.
    /// - Parameter speak: speaks it for the n-th time, from 1.
    public func heard(
        _ text: String, _ job: Job, _ services: Services, speak: @Sendable (Int) async throws -> SpokenAnswer
    ) async throws -> JobResult {
        let attempts = AttemptPolicy(job.step.retry.over(job.step.service?.configuration?.retry ?? RetrySettings())).attempts
        for attempt in 1... {
            var spoken = try await speak(attempt)
            do {
                spoken.cost += try await listen(to: spoken.wav, saying: text, job, services).cost
                return JobResult(spoken)
            } catch let failure as StepFailure {
                let lost = StepFailure(
                    failure.diagnostic, cost: failure.cost + spoken.cost, attempts: attempt, isFinal: failure.kind == nil)
                guard failure.kind != nil, attempt < attempts else { throw lost }
                let name = job.step.service?.name ?? ""
                try await job.door.again(Retry(name, attempts: attempt, of: attempts, after: lost.diagnostic, cost: lost.cost, wait: .zero))
            }
        }
        throw CancellationError()
    }
}
