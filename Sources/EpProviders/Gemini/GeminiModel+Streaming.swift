import EpCore
import EpHTTP

/// Each event is an answer of its own, with the next parts; the last says why it ended.
extension GeminiModel: StreamingVendor {
    func streamed(_ request: RemoteRequest) -> RemoteRequest {
        RemoteRequest(
            request.path.replacing(":generateContent", with: ":streamGenerateContent?alt=sse"), headers: request.headers, request.body)
    }

    func joined(_ events: [EventStream.Event]) throws(ProviderFailure) -> Value {
        let values = StreamedAnswer.values(events)
        if let error = values.first(where: { $0["error"] != nil }) { throw failure(Reply(status: 200, json: error)) }
        guard var last = values.last else { throw StreamedAnswer.brokenOff }
        if let blocked = values.first(where: { $0.at("promptFeedback", "blockReason") != nil }) { return blocked }
        guard let reason = values.last(where: { $0.at("candidates", "0", "finishReason") != nil })?.at("candidates", "0", "finishReason")
        else {
            throw StreamedAnswer.brokenOff
        }
        let parts = values.flatMap { $0.at("candidates", "0", "content", "parts")?.list ?? [] }
        if let usage = values.last(where: { $0["usageMetadata"] != nil })?["usageMetadata"] { last = last.with("usageMetadata", usage) }
        let token = values.lazy.compactMap { $0.at("candidates", "0", "continuationToken") }.last
        let candidate: Value = ["content": ["parts": .list(parts)], "finishReason": reason]
        return last.with("candidates", [token.map { candidate.with("continuationToken", $0) } ?? candidate])
    }
}
