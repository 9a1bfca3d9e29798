import EpCore
import EpPlan

/// What all services have in common that speak as OpenAI's does: how they say that something is wrong.
///
/// Shapes: openai-python 3.57.0, groq 1.7.0, openrouter 1.3.84, and what llama.cpp, litellm and vLLM were seen to send.
enum OpenAI {
    static let url = "https://api.openai.com/v1"
    static let keyVariable = "OPENAI_API_KEY"

    /// Reads `{"error": {"message", "type", "param", "code"}}`, of which the code may be a number, and a status as a text.
    static func failure(_ reply: Reply) -> ProviderFailure {
        let error = reply.json?["error"] ?? reply.json?["detail"] ?? reply.json
        let message = error?["message"]?.string ?? error?.string ?? reply.json?["message"]?.string ?? reply.excerpt
        let words = [error?["code"], error?["type"], error?.at("metadata", "error_type")].compactMap { $0?.letters?.lowercased() }
        let status = [error?["code"], error?["status"]].lazy.compactMap { $0?.count ?? $0?.string.flatMap { Int64($0) } }.first {
            (400...599).contains($0)
        }
        let asked = error?["param"]?.string
        return failure(status: (200...299).contains(reply.status) ? Int(status ?? 500) : reply.status, words, message, parameter: asked)
    }

    /// An account that is empty is told as "too many requests": only the code tells that no patience helps.
    private static let money: Set<String> = [
        "credit_balance_exhausted", "organization_spend_limit_exceeded", "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "insufficient_quota", "payment_required", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits",
    ]
    private static let refusals: Set<String> = [
        "content_policy_violation", "moderation_blocked", "content_filter", "refusal", "bio_policy", "invalid_prompt", "cyber_policy",
    ]
    private static let tooLong: Set<String> = [
        "context_length_exceeded", "exceed_context_size_error", "request_too_large", "string_above_max_length",
        "contextwindowexceedederror",
    ]
    private static let transient: Set<String> = [
        "server_error", "server_is_overloaded", "service_unavailable_error", "provider_overloaded", "capacity_exceeded", "api_error",
        "overloaded_error",
    ]
    /// Told with either status: 401, or 403.
    private static let key: Set<String> = ["invalid_api_key", "authentication_error", "account_deactivated"]
    private static let tooOften: Set<String> = ["rate_limit_exceeded", "rate_limit_error", "slow_down"]

    /// - Parameter words: the codes and types, in lower case.
    static func failure(status: Int, _ words: [String], _ message: String, parameter: String? = nil) -> ProviderFailure {
        let told = !message.contains(where: \.isLetter) ? "it answered with status \(status)" : message
        func has(_ known: Set<String>) -> Bool { words.contains(where: known.contains) }
        if has(money) || status == 402 { return ProviderFailure(.money, told) }
        if has(key) { return ProviderFailure(.key, told, remedy: "see whether the key is right, and may do what is asked") }
        if has(refusals) { return ProviderFailure(.refused, told) }
        if has(tooLong) || status == 413 || isAboutLength(message) { return ProviderFailure(.tooLong, told) }
        if has(tooOften) || status == 429 { return ProviderFailure(.tooOften, told) }
        switch status {
        case 401: return ProviderFailure(.key, told, remedy: "see whether the key is right, and may do what is asked")
        case 403:
            let remedy = "the key may not use this model, or not from here: choose another `model`, or allow it at the provider"
            return ProviderFailure(.wrongQuestion, told, remedy: remedy)
        case 404: return ProviderFailure(.wrongQuestion, told, remedy: "correct `model` or `base_url` of the provider in epbuild.yaml")
        case 408, 409, 425, 498, 500...599: return ProviderFailure(.transient, told)
        default:
            if has(transient) { return ProviderFailure(.transient, told) }
            let setting = parameter.map { "take `\($0)` out of the provider's settings, or change it" }
            return ProviderFailure(.wrongQuestion, told, remedy: setting ?? "correct the provider's settings in epbuild.yaml")
        }
    }

    /// Some say only in words that a question is too long.
    private static func isAboutLength(_ message: String) -> Bool {
        let message = message.lowercased()
        return ["context length", "context window", "context size", "maximum context", "prompt is too long"].contains(
            where: message.contains)
    }

    /// What a reply's `usage` says, in either of its two spellings.
    static func usage(_ reply: Value) -> Usage? {
        guard let usage = reply["usage"], usage.members != nil else { return nil }
        let input = usage["prompt_tokens"] ?? usage["input_tokens"], output = usage["completion_tokens"] ?? usage["output_tokens"]
        guard input != nil || output != nil else { return nil }
        let details = usage["prompt_tokens_details"] ?? usage["input_tokens_details"]
        let thinking = usage["completion_tokens_details"] ?? usage["output_tokens_details"]
        return Usage(
            input: input?.count ?? 0, output: output?.count ?? 0, cached: details?["cached_tokens"]?.count ?? 0,
            cacheWrite: details?["cache_write_tokens"]?.count ?? 0, reasoning: thinking?["reasoning_tokens"]?.count ?? 0)
    }
}
