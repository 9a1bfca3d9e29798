import EpCore

/// What Google's services have in common. Wire facts: google-genai 3.6.1.
enum Gemini {
    static let url = "https://generativelanguage.googleapis.com/v1beta"
    static let keyVariable = "GEMINI_API_KEY"

    private static let filters: Set<String> = ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "ESCALATION"]

    /// Why its filters have kept an answer back; nil: they have not.
    static func refusal(_ reply: Value) -> String? {
        if let reason = reply.at("promptFeedback", "blockReason")?.string { return reason }
        guard let reason = reply.at("candidates", "0", "finishReason")?.string, reason != "NO_IMAGE" else { return nil }
        return filters.contains(reason) || reason.hasPrefix("IMAGE_") ? reason : nil
    }

    /// Reads `{"error": {"code", "message", "status", "details"}}`, which may stand in a list.
    static func failure(_ reply: Reply) -> ProviderFailure {
        let error = reply.json?["error"] ?? reply.json?.at("0", "error")
        let message = error?["message"]?.string ?? (reply.json == nil ? reply.excerpt : "")
        let details = error?["details"]?.list ?? []
        let reasons = details.compactMap { $0["reason"]?.string }
        if reasons.contains("API_KEY_INVALID") || reasons.contains("API_KEY_SERVICE_BLOCKED") {
            return ProviderFailure(.key, message, remedy: "see whether the key is right, and may do what is asked")
        }
        let wait = details.lazy.compactMap { $0["retryDelay"]?.string.flatMap(ServerWait.duration) }.first
        let quotas = details.flatMap { $0["violations"]?.list ?? [] }.compactMap { $0["quotaId"]?.string }
        // A day's quota comes back tomorrow: nobody waits for that.
        if quotas.contains(where: { $0.contains("PerDay") }) {
            return ProviderFailure(.money, message, remedy: "run the same command again tomorrow, or raise the quota at the provider")
        }
        let told = error?["code"]?.count.flatMap { Int(exactly: $0) } ?? 500
        var failure = OpenAI.failure(status: (200...299).contains(reply.status) ? told : reply.status, [], message)
        failure.wait = wait
        return failure
    }
}
