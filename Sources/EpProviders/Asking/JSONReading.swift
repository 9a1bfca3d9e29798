public import EpCore
import FoundationEssentials

extension Value {
    /// Reads JSON as a server sends it; nil if it is none. The order of members is not kept.
    public init?(json bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(ReadValue.self, from: Data(bytes)) else { return nil }
        self = read.value
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

/// A value as the JSON decoder makes it.
private struct ReadValue: Decodable {
    let value: Value

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Name.self) {
            value = .object(
                try members.allKeys.map { .init($0.stringValue, try members.decode(ReadValue.self, forKey: $0).value) }.sorted {
                    $0.key < $1.key
                })
        } else if var list = try? decoder.unkeyedContainer() {
            var values: [Value] = []
            while !list.isAtEnd { values.append(try list.decode(ReadValue.self).value) }
            value = .list(values)
        } else {
            value = try Self.scalar(decoder.singleValueContainer())
        }
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> Value {
        if container.decodeNil() { return .null }
        if let flag = try? container.decode(Bool.self) { return .bool(flag) }
        if let whole = try? container.decode(Int64.self) { return .int(whole) }
        if let number = try? container.decode(Double.self) { return .double(number) }
        return .string(try container.decode(String.self))
    }
}
