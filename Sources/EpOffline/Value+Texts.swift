import EpCore

extension Value? {
    /// The texts of a list; one text is a list of one.
    var strings: [String] {
        switch self {
        case .string(let text)?: [text]
        case .list(let values)?: values.compactMap { $0.string ?? Optional($0).text }
        default: []
        }
    }

    /// A text that is not empty. A title such as `2001` or `True` is one, too.
    var text: String? {
        switch self {
        case .string(let text)?: text.isEmpty ? nil : text
        case .int, .double, .bool: self?.json()
        case .written(let letters, _)?: letters
        default: nil
        }
    }
}

extension Value {
    static func strings(_ texts: [String]) -> Value { .list(texts.map(Value.string)) }
}
