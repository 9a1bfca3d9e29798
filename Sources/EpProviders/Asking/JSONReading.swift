import CJansson
public import EpCore

extension Value {
    /// Reads JSON (RFC 8259, in UTF-8) as a server sends it; nil if it is none. Members stand in the order of their names.
    public init?(json bytes: [UInt8]) {
        guard let read = Self.parsed(bytes) else { return nil }
        defer { json_decref(read) }
        guard let value = Value(read, depth: 0) else { return nil }
        self = value
    }

    /// - Returns: what the caller lets go by `json_decref`.
    private static func parsed(_ bytes: [UInt8]) -> UnsafeMutablePointer<json_t>? {
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes.withUnsafeBytes { buffer in
            let text = buffer.baseAddress?.assumingMemoryBound(to: CChar.self).advanced(by: mark)
            func read(_ more: Int32) -> (read: UnsafeMutablePointer<json_t>?, isTooGreat: Bool) {
                var error = json_error_t()
                let read = json_loadb(text, buffer.count - mark, Int(JSON_DECODE_ANY | JSON_ALLOW_NUL | more), &error)
                return (read, read == nil && json_error_code(&error) == json_error_numeric_overflow)
            }
            let exact = read(0)
            // A whole number of more than 64 bits is as near as a fraction can be.
            return exact.isTooGreat ? read(JSON_DECODE_INT_AS_REAL).read : exact.read
        }
    }

    /// What is nested deeper is nobody's answer, and would need much of a thread's stack.
    private static let mostDepth = 512

    private init?(_ read: UnsafeMutablePointer<json_t>, depth: Int) {
        guard depth <= Self.mostDepth else { return nil }
        switch read.pointee.type {
        case JSON_OBJECT:
            var members: [Member] = []
            members.reserveCapacity(json_object_size(read))
            var place = json_object_iter(read)
            while let member = place {
                guard let key = json_object_iter_key(member), let inner = json_object_iter_value(member),
                    let value = Value(inner, depth: depth + 1)
                else { return nil }
                members.append(Member(String(cString: key), value))
                place = json_object_iter_next(read, member)
            }
            self = .object(members.sorted { $0.key < $1.key })
        case JSON_ARRAY:
            var values: [Value] = []
            values.reserveCapacity(json_array_size(read))
            for index in 0..<json_array_size(read) {
                guard let value = json_array_get(read, index).flatMap({ Value($0, depth: depth + 1) }) else { return nil }
                values.append(value)
            }
            self = .list(values)
        case JSON_STRING:
            let bytes = UnsafeRawBufferPointer(start: json_string_value(read), count: json_string_length(read))
            self = .string(String(decoding: bytes, as: UTF8.self))
        case JSON_INTEGER: self = .int(json_integer_value(read))
        case JSON_REAL:
            let number = json_real_value(read)
            self = Int64(exactly: number).map(Value.int) ?? .double(number)
        case JSON_TRUE, JSON_FALSE: self = .bool(read.pointee.type == JSON_TRUE)
        default: self = .null
        }
    }

    /// The same with the members of all objects in the order of their names: equal values are written alike.
    var sorted: Value {
        switch self {
        case .list(let values): .list(values.map(\.sorted))
        case .object(let members): .object(members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
        default: meaning
        }
    }

    /// The value at the end of a path of names and numbers; nil if there is none.
    func at(_ path: String...) -> Value? {
        path.reduce(self) { value, step in
            if let number = Int(step) { value?.list.flatMap { $0.indices.contains(number) ? $0[number] : nil } } else { value?[step] }
        }
    }

    /// A whole number that is not negative.
    var count: Int64? {
        switch meaning {
        case .int(let value) where value >= 0: value
        case .double(let value) where value >= 0: Int64(exactly: value.rounded())
        default: nil
        }
    }
}
