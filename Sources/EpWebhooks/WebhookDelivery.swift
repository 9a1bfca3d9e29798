import EpCore
import EpFiles
import EpHTTP
import EpPlan

/// One try to have a message arrive.
struct WebhookDelivery: Sendable {
    let client: any HTTPClient
    let clock: WallClock

    enum Outcome: Sendable, Equatable {
        case arrived
        /// The receiver wants no more (410).
        case gone
        case failed(String)
    }

    private static let timeouts = HTTPTimeouts(connect: .seconds(5), stall: nil, total: .seconds(15))

    /// A redirect is a failure: nobody else is sent what was meant for this host.
    func send(_ message: WebhookMessage, to hook: Webhook) async -> Outcome {
        let (bytes, seconds) = (Array(message.body.utf8), clock.now().wholeSeconds)
        let headers: HTTPHeaders = [
            "Content-Type": WebhookMessage.contentType, "User-Agent": "epbuild", "webhook-id": message.id,
            "webhook-timestamp": "\(seconds)", "webhook-signature": hook.secret.signature(of: message.id, at: seconds, bytes),
        ]
        do throws(HTTPError) {
            let request = HTTPRequest(.post, hook.settings.url, headers: headers, body: .bytes(bytes), timeouts: Self.timeouts)
            let status = try await client.send(request).status
            switch status {
            case 200...299: return .arrived
            case 410: return .gone
            case 300...399: return .failed("it answers \(status), a redirect, which is not followed")
            default: return .failed("it answers \(status)")
            }
        } catch {
            return .failed(error.message)
        }
    }
}
