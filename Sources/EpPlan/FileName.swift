/// Names of files made of what people call things.
public enum FileName {
    /// The words of a text in lower case, with hyphens between them: `how-rockets-work`.
    /// - Parameters:
    ///   - length: how many characters at most; words that do not fit are left out.
    ///   - isASCII: true: letters outside ASCII count as spaces.
    /// - Returns: nil if nothing is left.
    public static func slug(_ text: String, atMost length: Int, isASCII: Bool = false) -> String? {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber) || isASCII && !$0.isASCII }
        guard var slug = words.first.map({ String($0.prefix(length)) }) else { return nil }
        for word in words.dropFirst() {
            guard slug.count + 1 + word.count <= length else { break }
            slug += "-\(word)"
        }
        return slug
    }
}
