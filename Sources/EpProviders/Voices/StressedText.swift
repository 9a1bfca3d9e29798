/// What a voice is to say, and which of its words are to stand out.
public struct StressedText: Sendable, Hashable {
    /// Whole words, all of which stand out or none.
    public struct Stretch: Sendable, Hashable {
        public let text: String
        public let isStressed: Bool
    }

    public let text: String
    /// What the text is made of, with a space between; empty if nothing stands out.
    public let stretches: [Stretch]

    public init(_ text: String) { self.init(text: text, stretches: []) }

    private init(text: String, stretches: [Stretch]) { (self.text, self.stretches) = (text, stretches) }

    /// - Parameter stressed: the numbers of the words that stand out, from 0.
    public init(_ text: String, stressed: [Int]) {
        guard !stressed.isEmpty else {
            self.init(text)
            return
        }
        let (words, numbers) = (text.split(separator: " "), Set(stressed))
        var stretches: [Stretch] = []
        for (number, word) in words.enumerated() {
            let isStressed = numbers.contains(number)
            if let last = stretches.last, last.isStressed == isStressed {
                stretches[stretches.count - 1] = Stretch(text: "\(last.text) \(word)", isStressed: isStressed)
            } else {
                stretches.append(Stretch(text: String(word), isStressed: isStressed))
            }
        }
        self.init(text: text, stretches: stretches)
    }

    /// What stands out, in its order.
    public var stressed: [String] { stretches.filter(\.isStressed).map(\.text) }

    /// In other letters, as they are found for each stretch.
    public func said(_ said: (String) -> String) -> StressedText {
        guard !stretches.isEmpty else { return StressedText(said(text)) }
        let stretches = stretches.map { Stretch(text: said($0.text), isStressed: $0.isStressed) }
        return StressedText(text: stretches.map(\.text).joined(separator: " "), stretches: stretches)
    }

    /// As a kind of voice is given it.
    public func spelled(by vendor: any VoiceVendor, voice: String) throws(SpokenText.Problem) -> StressedText {
        let text = try vendor.spelled(text, voice: voice)
        return StressedText(
            text: text,
            stretches: stretches.map { Stretch(text: (try? vendor.spelled($0.text, voice: voice)) ?? $0.text, isStressed: $0.isStressed) })
    }
}

/// What makes a program speak a line in which words stand out.
public struct StressingCommand: Sendable {
    public let arguments: [String]
    /// What it reads, beside `line.txt`.
    public let file: (name: String, text: String)
}
