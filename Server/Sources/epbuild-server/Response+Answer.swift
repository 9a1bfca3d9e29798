import EpCache
import EpCore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServerCore

extension Response {
    init(_ answer: Answer) {
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        self.init(status: .init(code: answer.status), headers: fields, body: Self.body(of: answer))
    }

    private static func body(of answer: Answer) -> ResponseBody {
        switch answer.body {
        case .bytes(let bytes): return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .blob(let blob, let range):
            return ResponseBody(contentLength: range.count) { writer in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: 64 << 10) {
                    let piece = try blob.bytes(in: start..<min(start + 64 << 10, range.upperBound))
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            }
        case .stored(let blob, let tell):
            return ResponseBody(contentLength: Int(blob.digest.size)) { writer in
                // What is damaged ends the connection before its last piece.
                var pieces = blob.pieces()
                while let piece = try pieces.next() {
                    try await writer.write(ByteBuffer(bytes: piece))
                    tell(piece.count)
                }
                try await writer.finish(nil)
            }
        case .events(let feed):
            return ResponseBody { writer in
                // Whoever has gone is met by the next write, after 15 seconds at most: to watch the inbound side
                // (`consumeWithCancellationOnInboundClose`) traps in NIO when a listener goes away.
                var listener = feed.makeListener()
                while let frames = await listener.next() { try await writer.write(ByteBuffer(string: frames)) }
                try await writer.finish(nil)
            }
        }
    }
}

extension WebRequest {
    init(_ request: Request, _ body: [UInt8]) {
        let host = request.head.authority.map { [(name: "host", value: $0)] } ?? []
        self.init(
            method: request.method.rawValue, target: request.head.path ?? "",
            headers: host + request.headers.map { (name: $0.name.canonicalName, value: $0.value) }, body: body)
    }
}
