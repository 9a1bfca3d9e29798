import EpCore
import EpHTTP

/// A vendor that can answer piece by piece: long answers come so, as a connection that is silent for minutes is taken for dead by those
/// between.
protocol StreamingVendor: RemoteModelVendor {
    /// The same question, to be answered piece by piece.
    func streamed(_ request: RemoteRequest) -> RemoteRequest
    /// Puts the pieces together into what would have come at once.
    /// - Throws: `ProviderFailure` if an error stands among them, or the end is missing.
    func joined(_ events: [EventStream.Event]) throws(ProviderFailure) -> Value
}

/// What the streams of vendors have in common.
enum StreamedAnswer {
    /// Answers that may be longer than so many tokens are streamed, unless `stream` says otherwise.
    static let longest: Int64 = 16_000

    /// A stream that ends without its end: nobody knows what is missing, and it was perhaps billed.
    static var brokenOff: ProviderFailure {
        var failure = ProviderFailure(.transient, "its answer broke off before its end")
        failure.isPerhapsBilled = true
        return failure
    }

    /// The events as JSON; those that are none are left out, as the mark of the end is.
    static func values(_ events: [EventStream.Event]) -> [Value] { events.compactMap { Value(json: Array($0.data.utf8)) } }
}

extension Reply {
    /// The events of an answer that came piece by piece; nil if it came at once.
    var events: [EventStream.Event]? {
        if json != nil { return nil }
        let isStream = headers["Content-Type"]?.lowercased().contains("text/event-stream") == true
        guard isStream || bytes.starts(with: "data:".utf8) || bytes.starts(with: "event:".utf8) else { return nil }
        var stream = EventStream()
        // The last event may lack its empty line; then it is whole all the same, if it is whole JSON.
        return stream.read(bytes) + stream.read("\n\n".utf8)
    }

    /// The same reply with what its pieces come to.
    func with(_ json: Value) -> Reply { Reply(status: status, headers: headers, json: json) }
}

extension Value {
    /// An object with another member, or another value for one that it has.
    func with(_ key: String, _ value: Value) -> Value { .object((members ?? []).filter { $0.key != key } + [Member(key, value)]) }
}
