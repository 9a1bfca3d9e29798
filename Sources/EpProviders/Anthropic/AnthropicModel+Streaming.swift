import EpCore
import EpHTTP

/// `message_start`, pieces of `content`, `message_delta` with why it ended and the usage, `message_stop`.
extension AnthropicModel: StreamingVendor {
    func streamed(_ request: RemoteRequest) -> RemoteRequest {
        guard case .json(let body) = request.body else { return request }
        return RemoteRequest(request.path, headers: request.headers, json: body.with("stream", true))
    }

    func joined(_ events: [EventStream.Event]) throws(ProviderFailure) -> Value {
        var message: Value = [:]
        var (text, hasEnded) = ("", false)
        for value in StreamedAnswer.values(events) {
            switch value["type"]?.string {
            case "error": throw failure(Reply(status: 200, json: value))
            case "message_start": message = value["message"] ?? [:]
            case "content_block_start": text += value.at("content_block", "text")?.string ?? ""
            case "content_block_delta": text += value.at("delta", "text")?.string ?? ""
            case "message_delta":
                for member in value["delta"]?.members ?? [] { message = message.with(member.key, member.value) }
                let usage = (value["usage"]?.members ?? []).reduce(message["usage"] ?? [:]) { $0.with($1.key, $1.value) }
                message = message.with("usage", usage)
            case "message_stop": hasEnded = true
            default: break
            }
        }
        guard hasEnded else { throw StreamedAnswer.brokenOff }
        return message.with("content", text.isEmpty ? [] : [["type": "text", "text": .string(text)]])
    }
}
