import EpCore
import EpHTTP

/// Chat: `data: {"choices": [{"delta": …}]}`, and `data: [DONE]`. Responses: named events, of which the last has the whole response.
extension OpenAIModel: StreamingVendor {
    func streamed(_ request: RemoteRequest) -> RemoteRequest {
        guard case .json(let body) = request.body else { return request }
        let streamed = body.with("stream", true)
        let isChat = request.path == "chat/completions"
        let counted = isChat ? streamed.with("stream_options", ["include_usage": true]) : streamed
        return RemoteRequest(request.path, headers: request.headers, json: counted)
    }

    func joined(_ events: [EventStream.Event]) throws(ProviderFailure) -> Value {
        let values = StreamedAnswer.values(events)
        if let error = values.first(where: { ($0["error"] ?? .null) != .null || $0["type"]?.string == "error" }) {
            throw failure(Reply(status: 200, json: error))
        }
        let ends = ["response.completed", "response.incomplete", "response.failed"]
        if let whole = values.last(where: { ends.contains($0["type"]?.string ?? "") })?["response"] { return whole }
        return try joinedChat(values)
    }

    private func joinedChat(_ values: [Value]) throws(ProviderFailure) -> Value {
        var (text, refusal, reason) = ("", "", nil as Value?)
        for choice in values.compactMap({ $0.at("choices", "0") }) {
            text += choice.at("delta", "content")?.string ?? ""
            refusal += choice.at("delta", "refusal")?.string ?? ""
            // Some send an empty reason with every piece.
            if let ended = choice["finish_reason"], ended.string?.isEmpty == false { reason = ended }
        }
        guard let reason else { throw StreamedAnswer.brokenOff }
        let message: Value = ["content": .string(text), "refusal": refusal.isEmpty ? .null : .string(refusal)]
        return [
            "model": values.lazy.compactMap { $0["model"] }.first ?? .null, "choices": [["message": message, "finish_reason": reason]],
            "usage": values.last { $0["usage"]?.members != nil }?["usage"] ?? .null,
        ]
    }
}
