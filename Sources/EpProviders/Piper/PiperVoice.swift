import EpCore
import EpPlan

/// `use: piper` with a `base_url`: Piper's own server; without one it is the program that is installed here. Wire facts: `POST
/// /synthesize`, piper-tts 1.8.0.
///
/// Both noise scales are 0 if nobody says otherwise: then it gives the same sound each time. It speaks with another voice where it does
/// not know one, and says nothing; so it is asked which it has.
struct PiperVoice: RemoteVoiceVendor {
    let name = "piper"
    let usualURL: String? = "http://127.0.0.1:5000"
    let usualKeyVariable: String? = nil
    /// The one that the server was started with.
    let usualVoice = ""
    let usualModel: String? = ""
    let longest = 100_000
    let speeds: ClosedRange<Double>? = 0.25...4
    let shaping: [RemoteSetting] = [
        .number("noise_scale", 0...2), .number("noise_w_scale", 0...2), .text("speaker"), .whole("speaker_id", 0...100_000),
    ]

    func configured(by configuration: ProviderConfiguration?) -> any VoiceVendor { Self.form(configuration) }

    /// Which of the two a provider is.
    static func form(_ configuration: ProviderConfiguration?) -> any VoiceVendor {
        configuration?.settings["base_url"] == nil ? InstalledVoice.piper(configuration) : PiperVoice()
    }

    func check(_ provider: inout Fields) {
        guard provider.node("base_url") != nil else { return InstalledVoice.piper().check(&provider) }
        checkRemote(&provider)
        checkVoice(&provider)
    }

    let listRequest: RemoteRequest? = RemoteRequest("voices", .none)
    func voices(_ list: Reply) -> [String] { list.json?.members?.map(\.key) ?? [] }

    func request(_ line: SpokenLine) -> RemoteRequest {
        var body: [Value.Member] = [
            .init("text", .string(line.text)), .init("noise_scale", line.settings["noise_scale"] ?? 0),
            .init("noise_w_scale", line.settings["noise_w_scale"] ?? 0),
        ]
        if !line.voice.isEmpty { body.append(.init("voice", .string(line.voice))) }
        for key in ["speaker", "speaker_id"] { if let value = line.settings[key] { body.append(.init(key, value)) } }
        if let speed = line.speed { body.append(.init("length_scale", .double((1000 / speed).rounded() / 1000))) }
        return RemoteRequest("synthesize", json: .object(body))
    }

    func read(_ reply: Reply, of line: SpokenLine) throws(ProviderFailure) -> SpokenSound { SpokenSound(try SoundBody.of(reply)) }

    /// Its errors are pages.
    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(status: reply.status, [], reply.excerpt) }
}
