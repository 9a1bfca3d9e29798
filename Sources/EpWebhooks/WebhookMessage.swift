import EpCore
import EpEngine
import EpFiles

/// What a receiver is told, as it is kept until it has arrived: the same bytes and the same name, however often it is sent.
struct WebhookMessage: Codable, Sendable {
    /// By which a receiver knows it again.
    let id: String
    /// Which hook it is for, without its URL.
    let hook: String
    /// When it happened (RFC 3339).
    let time: String
    /// A CloudEvent in JSON.
    let body: String

    /// - Parameter subject: the episode, as its workspace names it.
    init(_ event: BuildEvent, about subject: String, for hook: Webhook) {
        id = "msg_\(event.build.text)_\(event.sequence)"
        (self.hook, time) = (hook.mark, event.time.iso8601)
        let cloudEvent: Value = [
            "specversion": "1.0", "id": .string(id), "source": .string("urn:epbuild:build:\(event.build.text)"),
            "type": .string(Self.type(of: event.kind.name)),
            "time": .string(time), "subject": .string(subject), "datacontenttype": "application/json", "data": event.value,
        ]
        body = cloudEvent.json()
    }

    /// `epbuild.build.failed`.
    static func type(of event: String) -> String {
        let words = event.split(separator: "_", maxSplits: 1)
        return "epbuild.\(words.joined(separator: "."))"
    }

    static let contentType = "application/cloudevents+json; charset=utf-8"

    /// In seconds; nil if nobody can tell when it happened.
    func age(at now: Moment) -> Double? { Moment(iso8601: time).map { now.seconds(since: $0) } }
}
