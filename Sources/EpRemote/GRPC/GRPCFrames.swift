/// Takes messages out of the pieces of a body: a byte that is 0, four bytes of length (the greatest first), the message.
struct GRPCFrames: Sendable {
    /// A message that is compressed, though nobody has offered that, or longer than the limit.
    struct Refusal: Error {}

    /// The longest message that is taken: 4 MiB, which servers keep to whatever they say, and something for what is around it.
    static let limit = 4 << 20 + 64 << 10

    private var bytes: [UInt8] = []
    /// How much of them has been handed out.
    private var start = 0

    var isEmpty: Bool { start == bytes.count }

    /// - Returns: the messages that are whole by now.
    mutating func read(_ piece: [UInt8]) throws(Refusal) -> [ArraySlice<UInt8>] {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += piece
        var messages: [ArraySlice<UInt8>] = []
        while bytes.count - start >= 5 {
            let length = bytes[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
            guard bytes[start] == 0, length <= Self.limit else { throw Refusal() }
            guard bytes.count - start - 5 >= length else { break }
            messages.append(bytes[(start + 5)..<(start + 5 + length)])
            start += 5 + length
        }
        return messages
    }

    /// What stands before a message.
    static func head(length: Int) -> [UInt8] {
        [0] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
    }
}
