import EpCore
import EpHTTP
import EpPlan
import FoundationEssentials
import Testing

@testable import EpProviders

@Suite struct ImageVendorTests {
    /// A red dot as PNG.
    static let png = Array(
        Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")!)

    private func draw(
        _ vendor: any ImageVendor, _ yaml: String, _ body: String, status: Int = 200
    ) async throws -> (picture: DrawnImage, request: HTTPRequest) {
        let scene = Scene(status, body, headers: ["Content-Type": "application/json"])
        let configuration = try Scene.provider("use: \(vendor.name), attempts: 1, \(yaml)", tool: "image")
        let question = ImageQuestion("A red dot.", take: 2, settings: vendor.settings(of: configuration, ["temperature": 1]))
        let call = vendor.call(question, by: configuration, PriceTable(configuration.prices), on: "2026-11-25")
        let picture = try await vendor.draw(question, Serving(configuration, scene.services(), call: call, door: scene, isPatient: true))
        return (picture, try #require(scene.requests.first))
    }

    @Test func openaiDraws() async throws {
        let body =
            "{\"data\":[{\"b64_json\":\"\(Data(Self.png).base64EncodedString())\"}],\"usage\":{\"input_tokens\":10,\"output_tokens\":400}}"
        let (picture, request) = try await draw(OpenAIImages(), "model: gpt-image-2.5-flare, size: 1024x1024, quality: low", body)
        #expect(picture.bytes == Self.png && picture.servedBy == "openai gpt-image-2.5-flare" && picture.cost == Cost(microUSD: 12_050))
        #expect(request.url == "https://api.openai.com/v1/images/generations")
        #expect(request.json == ["model": "gpt-image-2.5-flare", "n": 1, "prompt": "A red dot.", "quality": "low", "size": "1024x1024"])
    }

    @Test func geminiDraws() async throws {
        let body =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Here\"},{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"\(Data(Self.png).base64EncodedString())\"}}]},\"finishReason\":\"STOP\"}]}"
        let (picture, request) = try await draw(GeminiImages(), "model: m, aspect_ratio: \"16:9\", seed: 4", body)
        #expect(picture.bytes == Self.png && request.json?.at("generationConfig", "imageConfig", "aspectRatio") == "16:9")
        #expect(request.json?.at("generationConfig", "seed") == 5 && request.json?.at("generationConfig", "temperature") == 1)
    }

    @Test(
        arguments: [
            (200, #"{"data":[{"url":"https://elsewhere.example/x.png"}]}"#, Diagnostic.Code.badAnswer, "nothing is fetched from elsewhere"),
            (200, #"{"data":[]}"#, .badAnswer, "no picture"),
            (200, "{\"data\":[{\"b64_json\":\"\(Data(png.prefix(50)).base64EncodedString())\"}]}", .badAnswer, "cut short"),
            (200, #"{"data":[{"b64_json":"R0lGODlhAQABAAAAACw="}]}"#, .badAnswer, "is GIF"),
            (400, #"{"error":{"code":"moderation_blocked","message":"no"}}"#, .refused, "no"),
        ] as [(Int, String, Diagnostic.Code, String)])
    func whatIsNoPictureIsNotKept(_ status: Int, _ body: String, _ code: Diagnostic.Code, _ message: String) async throws {
        let failure = await #expect(throws: StepFailure.self) { try await draw(OpenAIImages(), "model: m", body, status: status) }
        #expect(failure?.diagnostic.code == code && failure?.diagnostic.message.contains(message) == true, "\(String(describing: failure))")
    }

    @Test func geminiKeepsBack() async throws {
        let failure = await #expect(throws: StepFailure.self) {
            try await draw(GeminiImages(), "model: m", #"{"candidates":[{"finishReason":"IMAGE_SAFETY"}]}"#)
        }
        #expect(failure?.diagnostic.code == .refused)
    }
}
