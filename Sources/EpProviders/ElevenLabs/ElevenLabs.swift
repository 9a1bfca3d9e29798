import EpCore
import EpHTTP

/// What ElevenLabs' services have in common. Wire facts: elevenlabs-python 2.78.0.
enum ElevenLabs {
    static let url = "https://api.elevenlabs.io/v1"
    static let keyVariable = "ELEVENLABS_API_KEY"

    static func authorization(_ key: String) -> [HTTPHeaders.Field] { [.init("xi-api-key", key)] }

    /// Reads `{"detail": {…}}` in its new form and its old, and as a list of what is wrong with a request.
    static func failure(_ reply: Reply) -> ProviderFailure {
        let detail = reply.json?["detail"]
        let complaints = detail?.list?.compactMap { $0["msg"]?.string }.joined(separator: "; ")
        let message = detail?["message"]?.string ?? detail?.string ?? complaints ?? reply.excerpt
        let words = [detail?["code"], detail?["status"], detail?["type"]].compactMap { $0?.string }
        func has(_ known: String...) -> Bool { words.contains(where: known.contains) }
        if has("insufficient_credits", "quota_exceeded") || reply.status == 402 { return ProviderFailure(.money, message) }
        if has("text_too_long", "max_character_limit_exceeded") { return ProviderFailure(.tooLong, message) }
        if has("system_busy", "concurrent_limit_exceeded", "too_many_concurrent_requests", "rate_limit_exceeded") {
            return ProviderFailure(.tooOften, message)
        }
        if has("voice_not_found", "model_not_found") {
            return ProviderFailure(.wrongQuestion, message, remedy: "correct `voice` or `model` in show.yaml or epbuild.yaml")
        }
        return OpenAI.failure(status: reply.status, words, message, parameter: detail?["param"]?.string)
    }
}
