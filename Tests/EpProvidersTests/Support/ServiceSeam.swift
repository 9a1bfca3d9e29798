import EpCore
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

/// A vendor that is asked over HTTP, whatever it can do: what all of them must hold is tried on each.
struct ServiceSeam: CustomTestStringConvertible, Sendable {
    let tool: String
    let vendor: any RemoteVendor
    let shaping: [RemoteSetting]
    /// The settings that stand in the address of what it is asked.
    let settings: @Sendable (ProviderConfiguration) -> Value
    /// The request for a question of the same words each time.
    let request: @Sendable (_ settings: Value, _ take: Int) -> RemoteRequest
    /// Asks it once.
    let ask: @Sendable (_ settings: Value, Serving) async throws -> Void

    var testDescription: String { "\(tool) \(vendor.name)" }

    /// Of all that ship with epbuild.
    static let all: [ServiceSeam] = models + voices + transcribers + images

    private static let models = Vendors.shipped.languageModels.compactMap { $0 as? any RemoteModelVendor }.map { vendor in
        ServiceSeam(
            tool: "llm", vendor: vendor, shaping: vendor.shaping, settings: { vendor.settings(of: $0, nil) ?? [:] },
            request: { vendor.request(ModelQuestion("Why?", take: $1, settings: $0), isUsualPlace: true) },
            ask: { _ = try await vendor.answer(ModelQuestion("Why?", settings: $0), $1) })
    }

    private static let voices = Vendors.shipped.voices.compactMap { $0 as? any RemoteVoiceVendor }.map { vendor in
        ServiceSeam(
            tool: "tts", vendor: vendor, shaping: vendor.shaping, settings: { vendor.settings(of: $0, [:], Manner("", [:])) },
            request: { vendor.request(SpokenLine("The bees fly home.", take: $1, settings: $0)) },
            ask: { _ = try await vendor.speak(SpokenLine("The bees fly home.", settings: $0), $1) })
    }

    private static let transcribers = Vendors.shipped.transcribers.compactMap { $0 as? any RemoteTranscriberVendor }.map { vendor in
        ServiceSeam(
            tool: "transcribe", vendor: vendor, shaping: vendor.shaping, settings: { vendor.settings(of: $0, language: "en") },
            request: { settings, _ in vendor.request(SpeechRecording(wav: Array("RIFF".utf8), seconds: 2, settings: settings)) },
            ask: {
                let recording = SpeechRecording(wav: Array("RIFF".utf8), seconds: 2, settings: $0)
                _ = try await vendor.transcribe(recording, $1, NoPrograms())
            })
    }

    private static let images = Vendors.shipped.images.map { vendor in
        ServiceSeam(
            tool: "image", vendor: vendor, shaping: vendor.shaping, settings: { vendor.settings(of: $0, nil) },
            request: { vendor.request(ImageQuestion("A red dot.", take: $1, settings: $0)) },
            ask: { _ = try await vendor.draw(ImageQuestion("A red dot.", settings: $0), $1) })
    }

    /// As `epbuild.yaml` configures it.
    func provider(_ more: String = "") throws -> ProviderConfiguration {
        let url = vendor.usualURL == nil ? ", base_url: http://127.0.0.1:9/v1" : ""
        return try Scene.provider("use: \(vendor.name), model: m, attempts: 1\(url)\(more)", tool: tool)
    }

    /// What has become of asking it, where the server answers so; nil: it was an answer.
    func failure(
        _ status: Int, _ body: String, type: String = "application/json", keys: [String: String] = [:]
    ) async throws -> Diagnostic? {
        let scene = Scene(status, body, headers: ["Content-Type": type])
        let provider = try provider(vendor.usualKeyVariable == nil ? "" : ", api_key_env: KEY")
        let serving = Serving(provider, scene.services(["KEY": "sk-secret"]), call: nil, door: scene, isPatient: true)
        do {
            try await ask(settings(provider), serving)
            return nil
        } catch let failure as StepFailure {
            return failure.diagnostic
        }
    }
}
