/// The fields of a protobuf message as they stand in its bytes, without a type for the message.
///
/// For messages of others of which a few fields are wanted: whatever is not asked for is passed over.
struct MessageFields {
    enum Content {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field that holds a number or bytes; nil at the end.
    /// - Throws: `UnusableResult` if that is no message.
    mutating func next() throws(UnusableResult) -> (number: UInt64, content: Content)? {
        while !rest.isEmpty {
            let tag = try varint()
            guard tag >> 3 != 0 else { throw Self.noMessage }
            switch tag & 7 {
            case 0: return (tag >> 3, .number(try varint()))
            case 1: _ = try take(8)
            case 2: return (tag >> 3, .bytes(try take(try varint())))
            case 5: _ = try take(4)
            default: throw Self.noMessage
            }
        }
        return nil
    }

    private mutating func varint() throws(UnusableResult) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Self.noMessage }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw Self.noMessage
    }

    private mutating func take(_ count: UInt64) throws(UnusableResult) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Self.noMessage }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private static let noMessage = UnusableResult(reason: "not a protobuf message")
}
