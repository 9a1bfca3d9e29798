import EpCore

extension Value? {
    /// The texts of a list; one text is a list of one.
    var strings: [String] {
        switch self {
        case .string(let text)?: [text]
        case .list(let values)?: values.compactMap(\.string)
        default: []
        }
    }

    /// A text that is not empty.
    var text: String? { self?.string.flatMap { $0.isEmpty ? nil : $0 } }
}

extension Value {
    static func strings(_ texts: [String]) -> Value { .list(texts.map(Value.string)) }
}
