public import EpCache
public import EpCore

/// What is answered to one request.
public struct Answer: Sendable {
    public enum Body: Sendable {
        case bytes([UInt8])
        /// A stretch of an artifact.
        case blob(any RandomAccessBytes & Sendable, Range<Int>)
        /// A blob of a served cache; each piece's length is told when it is sent.
        case stored(OutgoingBlob, @Sendable (Int) -> Void)
        /// Events, until there are no more.
        case events(EventFeed)
    }

    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: Body

    public init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// - Parameter type: its media type.
    public static func text(_ text: String, _ type: String, status: Int = 200) -> Answer {
        Answer(status, [("content-type", type)], body: .bytes(Array(text.utf8)))
    }

    public static func json(_ value: Value, status: Int = 200) -> Answer { text(value.json() + "\n", "application/json", status: status) }

    public static func page(_ html: String, status: Int = 200) -> Answer { text(html, "text/html; charset=utf-8", status: status) }

    /// To another page, which is then read.
    public static func seeOther(_ path: String) -> Answer { Answer(303, [("location", path)]) }

    /// The length of the body in bytes; nil if it has no end yet.
    public var length: Int? {
        switch body {
        case .bytes(let bytes): bytes.count
        case .blob(_, let range): range.count
        case .stored(let blob, _): Int(blob.digest.size)
        case .events: nil
        }
    }

    /// The first value of a header.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
