import EpCore
import EpPlan

/// Long answers: a reply that ends with `CONTINUATION` has a token, with which the very same question is asked again, until a reply ends
/// otherwise.
///
/// Wire facts: google-genai 3.6.1: `candidates[0].continuationToken` in the reply, `continuationToken` beside `contents` in the request.
/// Each reply reads the question and all that was answered before, and is billed for it.
extension GeminiModel: ContinuedVendor {
    /// Tokens of one reply that is streamed, as all of so long answers are.
    private static let longestReply: Int64 = 65_536

    func token(_ reply: Value) -> String? {
        guard let candidate = reply.at("candidates", "0"), candidate["finishReason"]?.string == "CONTINUATION" else { return nil }
        return candidate["continuationToken"]?.string
    }

    func continued(_ request: RemoteRequest, with token: String) -> RemoteRequest {
        guard case .json(let body) = request.body else { return request }
        return RemoteRequest(request.path, headers: request.headers, json: body.with("continuationToken", .string(token)))
    }

    func joined(_ replies: [Value]) -> Value {
        let parts = replies.flatMap { $0.at("candidates", "0", "content", "parts")?.list ?? [] }
        let counts = ["promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "cachedContentTokenCount"].compactMap {
            key -> Value.Member? in
            let sum = replies.reduce(Int64(0)) { $0 + ($1.at("usageMetadata", key)?.count ?? 0) }
            return sum == 0 ? nil : Value.Member(key, .int(sum))
        }
        let last = replies.last
        let candidate: Value = ["content": ["parts": .list(parts)], "finishReason": last?.at("candidates", "0", "finishReason") ?? .null]
        return [
            "candidates": [candidate], "promptFeedback": last?["promptFeedback"] ?? .null, "modelVersion": last?["modelVersion"] ?? .null,
            "usageMetadata": .object(counts),
        ]
    }

    /// Each further reply reads the question and all that was answered before.
    func mostUsage(_ question: ModelQuestion, output: Int64) -> Usage {
        let replies = max(1, (output + Self.longestReply - 1) / Self.longestReply)
        let read = question.mostTokens * replies + Self.longestReply * replies * (replies - 1) / 2
        return Usage(input: read, output: output)
    }
}
